"""Which values are secret on this machine and in this target: environment variables, ``.env`` files and settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kit.masking.assigned import assigned
from kit.masking.known import SHORTEST, KnownValues
from kit.masking.names import holds_secret
from kit.masking.patterns import late
from kit.masking.randomness import is_telling, looks_random

#: files that hold settings, by their names
_SETTINGS = late(
    r"\.env(?:\..*)?|.*\.env|\.envrc|\.flaskenv|\.netrc|\.pgpass|\.pypirc|(?:.*[_.-])?(?:settings|config|conf|secrets?|"
    r"credentials?|local|docker-compose(?:\..*)?|compose|alembic|tox|pytest|setup|pyproject|conftest)"
    r"\.(?:py|toml|ya?ml|json|ini|cfg|conf|properties)",
    re.IGNORECASE,
)
_LEFT_OUT = frozenset({"node_modules", "site-packages", "__pycache__", "dist", "build", "venv", "env", "htmlcov"})

#: limits of the search below the target's root: depth, number of folders, number of files, size of a file
_DEEPEST, _MOST_FOLDERS, _MOST_FILES, _LARGEST = 4, 2_000, 300, 256_000

#: a file of environment variables, and a line of one
_VARIABLES = late(r"\.env(?:\..*)?|.*\.env|\.envrc|\.flaskenv", re.IGNORECASE)
_VARIABLE = late(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"""
    r"""(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>\S*))""",
    re.MULTILINE,
)

#: the password in a URL
_IN_URL = late(r"://[^\s:/@'\"]*:([^\s'\"@/]{4,})@")

#: values that stand where a secret would and are none
_PLACEHOLDERS = frozenset(
    {"password", "passwd", "secret", "secrets", "changeme", "change-me", "change_me", "example", "postgres", "default",
     "testing", "development", "production", "localhost", "username", "undefined", "required", "test-secret",
     "replace-me", "your-secret-key", "not-a-secret", "disabled", "enabled", "optional", "token", "string", "django",
     "sqlite", "memory"}
)  # fmt: skip


class _Current:
    """The values that this process masks."""

    def __init__(self) -> None:
        self.targets: dict[Path, frozenset[str]] = {}
        self.values: KnownValues | None = None


_current = _Current()


def known_values() -> KnownValues:
    """The values that are known so far; those of the environment from the beginning."""
    if _current.values is None:
        _refresh()
    assert _current.values is not None
    return _current.values


def learn_environment() -> None:
    """Read the environment variables again."""
    _refresh()


def learn_target(root: Path) -> None:
    """From now on mask the values of the settings below ``root``, too, as they are when this is called first."""
    if root not in _current.targets:
        _current.targets[root] = frozenset(_of_settings(root))
    _refresh()


def _refresh() -> None:
    """A value that stands in the path of a target stays visible: paths show it, and a masked path leads nowhere."""
    values = set(_of_environment(os.environ)).union(*_current.targets.values())
    places = [str(root) for root in _current.targets]
    _current.values = KnownValues.of({value for value in values if not any(value in place for place in places)})


def _of_environment(environment: Mapping[str, str]) -> Iterator[str]:
    """A path that exists is the place of a secret and not the secret."""
    for name, value in environment.items():
        yield from _IN_URL.findall(value)
        if holds_secret(name) and not (value.startswith("/") and Path(value).exists()):
            yield value


def _of_settings(root: Path) -> Iterator[str]:
    for path in _files(root):
        try:
            text = path.read_text(encoding="utf-8", errors="replace") if path.stat().st_size <= _LARGEST else ""
        except OSError:
            continue
        values = {text[hit.start : hit.end].strip() for hit in assigned(text)} | set(_IN_URL.findall(text))
        if _VARIABLES.fullmatch(path.name):
            values.update(_of_variables(text))
        yield from filter(_is_worth_it, values)


def _of_variables(text: str) -> Iterator[str]:
    """What the name of a variable says is secret may look like anything."""
    for line in _VARIABLE.finditer(text):
        if holds_secret(line["name"]):
            yield line["double"] or line["single"] or line["bare"] or ""


def _is_worth_it(value: str) -> bool:
    """Whether a value of a settings file is a secret and not a word that other text holds as well."""
    if len(value) < SHORTEST or value.lower() in _PLACEHOLDERS or "${" in value or "{{" in value:
        return False
    return is_telling(value) or looks_random(value) or len(value) >= 2 * SHORTEST


def _files(root: Path) -> Iterator[Path]:
    """The files of settings, the ones near the root first."""
    folders, found = [(root, 0)], 0
    for folder, depth in folders:  # grows while it is gone through
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST and len(folders) < _MOST_FOLDERS and _is_looked_into(entry.name):
                    folders.append((Path(entry.path), depth + 1))
            elif found < _MOST_FILES and _SETTINGS.fullmatch(entry.name):
                found += 1
                yield Path(entry.path)


def _entries(folder: Path) -> Iterable[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return ()


def _is_looked_into(name: str) -> bool:
    return name not in _LEFT_OUT and (not name.startswith(".") or name in {".streamlit", ".config", ".github"})
