"""The pytest configuration with which a CI configuration runs the tests, where it is not the one that pytest finds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.target.ci_paths import ci_files, in_place_of_root, lines_of
from kit.target.notes import Notes
from kit.target.pytest_config import config_file

#: quotes, commas and brackets: ``session.run("pytest", "-c", "ci.ini")`` is read as a command line
_PUNCTUATION = re.compile(r"[\"',()\[\]]")
_PYTEST = re.compile(r"(?:^|[\s;&|=])(?:pytest|py\.test)(?P<arguments>\s.*|$)")
_CONFIG = re.compile(r"\s(?:-c\s+|--config-file(?:=|\s+))(?P<file>[^\s;&|]+)")
_FOLDER = re.compile(r"(?:^|[\s;&|])cd\s+(?P<folder>[^\s;&|]+)\s*(?:&&|;)")
_SETTING = re.compile(r"^[\s-]*(?:working-directory\s*:|changedir\s*=)\s*(?P<folder>\S+)")
_DEFAULTS = re.compile(r"^\s*defaults\s*:")
_STEP = re.compile(r"^\s*-\s")
#: a line with one of these names pytest and does not run it
_ONLY_NAMED = re.compile(r"\b(?:install|uninstall|add|lock)\b|^[\s-]*(?:name|key|uses|id|image)\s*:|^\s*#")
#: pytest alone on a line of these is a requirement
_INI = (".ini", ".py")


@dataclass(frozen=True)
class _Run:
    """A line that runs pytest: where it stands, the folder that it runs in, and the file that it gives to pytest."""

    place: str
    folder: str
    file: str | None


def warn_of_other_config(root: Path, used: str | None, pytest_version: str | None, notes: Notes) -> None:
    """Warn where every line of CI that runs pytest does so with another configuration than ``used``, the one here.

    Paths are relative to ``root``. Nothing is said where ``PYTEST_ADDOPTS`` names a configuration.
    """
    if _CONFIG.search(f" {os.environ.get('PYTEST_ADDOPTS', '')}"):
        return
    others: dict[str, _Run] = {}
    for run in _runs(root):
        config = run.file or config_file(root, run.folder, pytest_version)
        if config == used:
            return
        if config is not None:
            others.setdefault(config, run)
    for config, run in others.items():
        remedy = f"give {run.folder} as the target" if run.file is None else f'set PYTEST_ADDOPTS="-c {config}"'
        notes.warn(
            f"CI runs pytest with {config} ({run.place}), and here it is configured by {used or 'no file'}: outcomes "
            f"may differ. To run the tests as CI does, {remedy}."
        )


def _runs(root: Path) -> Iterator[_Run]:
    for file in ci_files(root):
        name = file.relative_to(root).as_posix()
        lines = [in_place_of_root(line) for line in lines_of(file)]
        for number, folder in _with_folders(lines):
            if run := _run(root, lines[number], folder, f"{name}:{number + 1}", is_ini=file.suffix in _INI):
                yield run


def _with_folders(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Each line, by its number, with the folder that its step, or the defaults before it, say it runs in."""
    default, begins = ".", 0
    for end in [*(number for number, line in enumerate(lines) if _STEP.match(line)), len(lines)]:
        step = lines[begins:end]
        named = next((found["folder"] for line in step if (found := _SETTING.match(line))), None)
        if named and any(map(_DEFAULTS.match, step)):
            default = named
        yield from ((number, (named or default).strip("\"'")) for number in range(begins, end))
        begins = end


def _run(root: Path, line: str, folder: str, place: str, *, is_ini: bool) -> _Run | None:
    plain = _PUNCTUATION.sub(" ", line).rstrip()
    found = _PYTEST.search(plain)
    if found is None or _ONLY_NAMED.search(plain) or (is_ini and not found["arguments"].strip()):
        return None
    if before := _FOLDER.search(plain[: found.start()]):
        folder = os.path.join(folder, before["folder"])  # noqa: PTH118 - it is text, and may name no folder
    named = _CONFIG.search(found["arguments"])
    inside = _inside(root, folder)
    file = _inside(root, os.path.join(folder, named["file"])) if named else None  # noqa: PTH118
    if inside is None or not (root / inside).is_dir() or (named and (file is None or not (root / file).is_file())):
        return None
    return _Run(place, inside, file)


def _inside(root: Path, path: str) -> str | None:
    """The path relative to the root, if it is not outside."""
    whole = Path(os.path.normpath(root / path))
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else None
