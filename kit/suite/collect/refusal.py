"""Asks plain pytest whether it starts: the options that kit leaves out or replaces could hide that it does not."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

from kit.facts.errors import KitError
from kit.facts.starting import RefusalKind, StartRefusal
from kit.facts.target import PytestConfig, Target
from kit.suite.collect.plain import run_plain
from kit.suite.collect.raised_at_start import raised_at_start
from kit.suite.collect.settings_place import place_of
from kit.target import ProbeRun

#: how long a start may take, and how long a start that also collects the tests, in seconds
_START_LIMIT, _COLLECT_LIMIT = 60.0, 180.0

_LONGEST = 400

#: what pytest says when it refuses, in the versions from 6 on; what it names comes first in the groups
_KINDS: tuple[tuple[RefusalKind, re.Pattern[str]], ...] = (
    ("unknown-option", re.compile(r"unrecognized arguments: (.+)")),
    ("bad-value", re.compile(r"argument (\S+): .+")),
    ("setting", re.compile(r"Missing required (plugins): .+")),
    ("setting", re.compile(r"(?:'(minversion)' requires|requires pytest-)")),
    ("setting", re.compile(r"Unknown config options?: (.+)")),
    ("setting", re.compile(r"config option '([^']+)'")),
    ("plugin", re.compile(r"""Error importing plugin "([^"]+)\"""")),
    ("expression", re.compile(r"Wrong expression passed to '(-[km])'")),
    ("warning-filter", re.compile(r"while parsing the following warning configuration: *(\S.*?) +This error occurred")),
    ("path", re.compile(r"file or directory not found: (.+)")),
    ("quotes", re.compile(r"No closing (quotation)|No (escaped) character")),
)


def find_refusal(
    target: Target, root: Path, text: Callable[[str], str], *, collects: bool = False
) -> StartRefusal | None:
    """Start pytest in the scratch copy at ``root``, with the target's own configuration; ``None`` if it starts.

    ``collects``: let it collect the tests, too. ``text`` puts the target's own paths into what pytest says. ``None``
    too when the start itself could not be made.
    """
    try:
        if collects:
            run = run_plain(target, root, "collected", _COLLECT_LIMIT)
        else:
            run = run_plain(target, root, "session", _START_LIMIT)
    except (KitError, OSError):
        return None
    if not run.records or run.timed_out or run.records[0]["started"] or not run.records[0]["exit"]:
        return None
    code, sentence = run.records[0]["exit"], text(_sentence(run))
    if raised := raised_at_start(text(run.output)):
        told = f"{raised.error} ({raised.meanwhile})" if raised.meanwhile else raised.error
        return StartRefusal(told, code, "own-code", (raised.error,), raised.path, raised.line)
    kind, named = _kind_of(sentence)
    place = place_of(named, kind, target.config, root)
    return StartRefusal(sentence, code, kind, named, place.path if place else None, place.line if place else None)


def has_odd_addopts(config: PytestConfig, root: Path) -> bool:
    """Whether pytest may not take ``addopts`` as it is written: not as a list in pytest 9's own table, or with a
    quotation mark that is never closed.
    """
    if config.path is None:
        return False
    try:
        content = (root / config.path).read_text(encoding="utf-8")
        if not config.path.endswith(".toml"):
            return not config.addopts and "addopts" in content
        tables = tomllib.loads(content)
        table = tables.get("pytest", {}) if "pytest" in tables else tables.get("tool", {}).get("pytest", {})
        value = table.get("addopts", table.get("ini_options", {}).get("addopts", []))
    except (OSError, ValueError, AttributeError):
        return True
    return bool(value) and ("addopts" in table if isinstance(value, str) else not isinstance(value, list))


def has_open_quotes(words: str) -> bool:
    """Whether the words of a command line have a quotation mark that is never closed."""
    try:
        shlex.split(words)
    except ValueError:
        return True
    return False


def _sentence(run: ProbeRun) -> str:
    """What pytest says, on one line: the errors among its output, without its usage, or the exception that left it."""
    told = re.split(r"^={3,}", run.output.partition("ERROR: ")[2], maxsplit=1, flags=re.MULTILINE)[0]
    if error := re.search(r"^.*: error: (.*)", told, re.MULTILINE):
        return error[1].strip()
    said = " ".join(told.replace("ERROR: ", "").split()) or " ".join(str(run.records[0]["error"]).split())
    said = said or " ".join(run.output.splitlines()[-1:])
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1].rstrip() + "…"


def _kind_of(sentence: str) -> tuple[RefusalKind, tuple[str, ...]]:
    """What is wrong, and the options or settings that pytest names."""
    for kind, pattern in _KINDS:
        if found := pattern.search(sentence):
            name = next((group for group in found.groups() if group), "")
            return kind, _words(name, kind)
    return "other", ()


def _words(name: str, kind: RefusalKind) -> tuple[str, ...]:
    if kind == "unknown-option":
        return tuple(name.split())
    if kind == "bad-value":
        return tuple(name.split("/"))  # "-n/--numprocesses"
    if name == "plugins":
        return ("required_plugins",)
    if kind == "setting":
        return tuple(re.split(r", *", name)) if name else ("minversion",)
    return ("addopts",) if kind == "quotes" else (name,)
