"""The target's pytest configuration, found where pytest itself would find it and read as pytest reads it."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import iniconfig

from kit.facts.target import PytestConfig, Target
from kit.target.notes import Notes

#: pytest's own defaults
PYTHON_FILES = ("test_*.py", "*_test.py")

Options = Mapping[str, Any]


@dataclass(frozen=True)
class FoundConfig:
    """The configuration for the facts, and the patterns of test files, which only finding the tests needs."""

    facts: PytestConfig
    python_files: tuple[str, ...] = PYTHON_FILES


@dataclass(frozen=True)
class _Source:
    """A file that configures pytest. ``options`` are as written; ``error`` says why pytest will refuse it."""

    path: Path
    options: Options = field(default_factory=dict)
    error: str | None = None


def read_config(root: Path, tests: Sequence[str], pytest_version: str | None, notes: Notes) -> FoundConfig:
    """What ``python -m pytest TESTS…`` in ``root`` would be configured with.

    ``pytest_version`` decides about pytest 9's TOML tables (unknown counts as new). A file that pytest will refuse
    is a warning. ``rootdir`` is never above ``root``, since that is where the copy of the tree begins.
    """
    start = _common_folder(root, tests)
    source = _locate(start, root, native_toml=_major(pytest_version) >= 9)
    if source is None:
        rootdir = next((folder for folder in (start, *start.parents) if (folder / "setup.py").is_file()), root)
        notes.because("pytest configuration", "none", f"no file in {start} or above configures pytest")
        return FoundConfig(PytestConfig(rootdir=_relative(rootdir, root)))
    notes.because("pytest configuration", source.path, "it comes first in pytest's own order")
    if source.error:
        notes.warn(f"pytest cannot read its configuration in {source.path}: {source.error}; fix the file.")
    if not source.path.is_relative_to(root):
        notes.warn(f"pytest is configured by {source.path}, above the target; give {source.path.parent} as the target.")
    arguments = _Arguments(source, notes)
    facts = PytestConfig(
        path=source.path.relative_to(root).as_posix() if source.path.is_relative_to(root) else str(source.path),
        rootdir=_relative(source.path.parent, root),
        addopts=arguments.of("addopts"),
        testpaths=arguments.of("testpaths"),
        pythonpath=arguments.of("pythonpath"),
        filterwarnings=_lines(source.options.get("filterwarnings", ())),
    )
    return FoundConfig(facts, arguments.of("python_files") or PYTHON_FILES)


def config_file(root: Path, folder: str, pytest_version: str | None) -> str | None:
    """The file that configures a pytest started in a folder of the tree, relative to the root."""
    source = _locate(root / folder, root, native_toml=_major(pytest_version) >= 9)
    return source.path.relative_to(root).as_posix() if source and source.path.is_relative_to(root) else None


def with_current_config(target: Target) -> Target:
    """The target with the configuration as it is now: its files may have been edited."""
    named = target.test_paths if target.tests_named else ()
    return replace(target, config=read_config(target.path, named, target.package("pytest"), Notes()).facts)


def may_configure_pytest(path: str) -> bool:
    """Whether pytest looks for its configuration in files of this name."""
    return PurePosixPath(path).name in _READERS


class _Arguments:
    """Options that are lists of words: text is split as a shell does, a list is taken as it is."""

    def __init__(self, source: _Source, notes: Notes) -> None:
        self._source = source
        self._notes = notes

    def of(self, name: str) -> tuple[str, ...]:
        value = self._source.options.get(name, ())
        if isinstance(value, list):
            return tuple(map(str, value))
        try:
            return tuple(shlex.split(str(value))) if value else ()
        except ValueError as error:
            self._notes.warn(f"pytest cannot read {name} in {self._source.path}: {error}; fix the quotes.")
            return ()


def _lines(value: object) -> tuple[str, ...]:
    """An option that is a list of lines: text has one on each line, a list is taken as it is."""
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return tuple(text for line in lines if (text := str(line).strip()))


def _common_folder(root: Path, tests: Sequence[str]) -> Path:
    """The folder from which pytest looks upward: what its path arguments have in common, else where it is started."""
    paths = [root / test for test in tests]
    if not paths:
        return root
    common = Path(os.path.commonpath(paths))
    return common if common.is_dir() else common.parent


def _relative(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else "."


def _major(version: str | None) -> int:
    return int(version.split(".")[0]) if version else 99


def _locate(start: Path, root: Path, *, native_toml: bool) -> _Source | None:
    """The first file that configures pytest, from ``start`` upward; else the nearest ``pyproject.toml`` in the tree."""
    fallback: _Source | None = None
    for folder in (start, *start.parents):
        for name, read in _READERS.items():
            path = folder / name
            if not path.is_file() or (name in _NATIVE_FILES and not native_toml):
                continue
            try:
                options = read(path, native_toml)
            except (OSError, ValueError, AttributeError, iniconfig.ParseError) as error:
                return _Source(path, error=" ".join(str(error).split()))
            if options is not None:
                return _Source(path, options)
            if name == "pyproject.toml" and fallback is None and path.is_relative_to(root):
                fallback = _Source(path)
    return fallback


def _pytest_toml(path: Path, _native_toml: bool) -> Options | None:
    table = _toml(path).get("pytest", {})
    return table if isinstance(table, dict) else {}


def _pytest_ini(path: Path, _native_toml: bool) -> Options | None:
    return _section(path, "pytest") or {}


def _pyproject(path: Path, native_toml: bool) -> Options | None:
    table = _toml(path).get("tool", {}).get("pytest", {})
    native = {name: value for name, value in table.items() if name != "ini_options"}
    if native and native_toml:
        return native
    options = table.get("ini_options")
    return options if isinstance(options, dict) else None


def _tox_ini(path: Path, _native_toml: bool) -> Options | None:
    return _section(path, "pytest")


def _setup_cfg(path: Path, _native_toml: bool) -> Options | None:
    return _section(path, "tool:pytest")


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _section(path: Path, name: str) -> Options | None:
    sections = iniconfig.IniConfig(path)
    return dict(sections[name].items()) if name in sections else None


_NATIVE_FILES = ("pytest.toml", ".pytest.toml")

#: pytest's own order (its ``findpaths.py``), with what each file says
_READERS: Mapping[str, Callable[[Path, bool], Options | None]] = {
    "pytest.toml": _pytest_toml,
    ".pytest.toml": _pytest_toml,
    "pytest.ini": _pytest_ini,
    ".pytest.ini": _pytest_ini,
    "pyproject.toml": _pyproject,
    "tox.ini": _tox_ini,
    "setup.cfg": _setup_cfg,
}
