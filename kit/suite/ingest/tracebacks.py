"""Parses the text of a traceback, as pytest or Python render it, into an exception chain.

The chain has the form that the suite probe sends, the raised exception first. pytest ends a frame with
``path:line: Type`` (or nothing, or ``in function``) and begins each line of the error with ``E``; Python writes
``File "path", line N, in function``, and the error last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import PureWindowsPath
from typing import Any, Literal, NamedTuple

Relation = Literal["cause", "context", "member"]
Link = dict[str, Any]

LONGEST_MESSAGE, LONGEST_TEXT, LONGEST_CHAIN = 10_000, 1_000_000, 20

_RELATIONS: dict[str, Relation] = {
    "The above exception was the direct cause of the following exception:": "cause",
    "During handling of the above exception, another exception occurred:": "context",
}
_PYTEST_FRAME = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?(?:[^\s:'\"=<>][^:'\"=<>]*\.\w+|<[^:'\"=<>]+>)):(?P<line>\d{1,9}):(?: (?P<what>.*))?$"
)
#: how lines of source start in pytest's text (and, as no character, empty lines)
_SOURCE = ("", " ", ">", "\t")
_PYTHON_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d{1,9})(?:, in (?P<function>.+))?$')
_FUNCTION = re.compile(r"^>?\s*(?:async )?def (?P<name>\w+)\b")
_FIXTURE = re.compile(r"^\s*@(?:pytest\.|pytest_asyncio\.)?fixture\b")
_TYPE = re.compile(r"^[A-Za-z_]\w*$")
_ERROR = re.compile(r"^(?P<type>[A-Za-z_](?:[\w.]|<locals>)*)(?:: (?P<message>.*))?$", re.DOTALL)
_SYNTAX = re.compile(
    r'^\s*File "(?P<path>.+)", line (?P<line>\d{1,9})$.*^(?P<type>\w+): (?P<message>.*)', re.DOTALL | re.MULTILINE
)
_MISSING_FIXTURE = re.compile(r"^fixture '.*' not found$")
#: how the text about a missing fixture begins: the test that needs it, with its decorators
_ASKING = re.compile(r"file (?P<path>.+), line (?P<line>\d{1,9})\n(?: .*\n){0,15}? +(?:async )?def (?P<function>\w+)")
_GROUP = "Exception Group Traceback (most recent call last):"
_GROUP_MARGIN = re.compile(r"^ *[|+] ?")
_GROUP_MEMBER = re.compile(r"^ *\+(?:-\+)?-{8,} (?:\d+|\.\.\.) -{8,}$")
_GROUP_END = re.compile(r"^ *\+-{20,}$")
_PYTHON_HEAD = "Traceback (most recent call last):"


@dataclass(frozen=True)
class ParsedTraceback:
    """The chain in a text, and the fixture that its first frame was in."""

    chain: tuple[Link, ...]
    fixture: str | None = None


@dataclass
class _Block:
    """One exception, while its text is read."""

    frames: list[list[Any]] = field(default_factory=list)
    error: list[str] = field(default_factory=list)
    type: str = ""
    fixture: str | None = None


def read_traceback(text: str, message: str = "", type_: str = "") -> ParsedTraceback:
    """Parse ``text``; ``message`` and ``type_`` fill in what it lacks. Never raises, and the chain is never empty."""
    text = text[:LONGEST_TEXT]
    if _GROUP in text:
        return ParsedTraceback(tuple(_read_group(text.splitlines(), message))[:LONGEST_CHAIN])
    blocks, relations = _blocks(text)
    if not (message or blocks[-1].error or blocks[-1].frames):
        message = text  # it is a sentence, not a traceback
    links = [_link(block, *(("", "") if at else (message, type_))) for at, block in enumerate(reversed(blocks))]
    for (_, older), relation in zip(pairwise(links), reversed(relations), strict=True):
        older["relation"] = relation
    return ParsedTraceback(tuple(links[:LONGEST_CHAIN]), blocks[-1].fixture)


def _blocks(text: str) -> tuple[list[_Block], list[Relation]]:
    """The exceptions in the order of the text, oldest first, and the relation of each to the next."""
    parts: list[list[str]] = [[]]
    relations: list[Relation] = []
    lines = text.splitlines()
    if not any(sentence in text for sentence in _RELATIONS):
        parts, lines = [lines], []
    for line in lines:
        if relation := _RELATIONS.get(line.strip()):
            relations.append(relation)
            parts.append([])
        else:
            parts[-1].append(line)
    return [_read_python(part) if _is_python(part) else _read_pytest(part) for part in parts], relations


def _is_python(lines: Sequence[str]) -> bool:
    if any(line.startswith("E  ") or _frame(line) for line in lines):
        return False
    if any(line.strip() == _PYTHON_HEAD for line in lines):
        return True
    first = next((line for line in lines if line.strip()), "")  # one that was never raised has its error only
    error = _ERROR.match(first)
    return error is not None and _looks_like_a_type(error)


class _Sign(NamedTuple):
    """What a line says beyond source: it belongs to the error, defines a function or a fixture, or ends a frame."""

    is_error: bool = False
    function: str = ""
    is_fixture: bool = False
    place: tuple[str, int, str] | None = None


@lru_cache(maxsize=8192)  # thousands of tests fail in the same fixtures
def _sign(line: str) -> _Sign | None:
    """``None`` for a line of source that says nothing here, as most of a long text are."""
    if line.startswith("E ") or line == "E":
        return _Sign(is_error=True)
    defined = _FUNCTION.match(line) if "def " in line else None
    is_fixture = "fixture" in line and _FIXTURE.match(line) is not None
    frame = _frame(line)
    place = (frame["path"], int(frame["line"]), frame["what"] or "") if frame else None
    if place and not _ends_frame(place[2]):
        place = None
    if defined is None and place is None and not is_fixture:
        return None
    return _Sign(False, defined["name"] if defined else "", is_fixture, place)


def _read_pytest(lines: Sequence[str]) -> _Block:
    block = _Block()
    if asking := _ASKING.match("\n".join(lines[:20]).lstrip()):
        block.frames.append([asking["path"], int(asking["line"]), asking["function"]])
    function, in_fixture = "", False
    for line in lines:
        sign = _sign(line)
        if sign is None:
            continue
        if sign.is_error:
            block.error.append(line[1:])
        elif sign.function and not function:
            function = sign.function
        elif sign.is_fixture:
            in_fixture = True
        elif sign.place:
            path, number, what = sign.place
            name = what.removeprefix("in ") if what.startswith("in ") else function
            if in_fixture and not block.frames:
                block.fixture = name
            block.frames.append([path, number, name or "<module>"])
            block.type = what if _TYPE.match(what) else ""
            function, in_fixture = "", False
    return block


def _frame(line: str) -> re.Match[str] | None:
    """The place that ends a frame. Most lines are source, which starts with a space: they are not matched."""
    return _PYTEST_FRAME.match(line) if line[:1] not in _SOURCE and ":" in line else None


def _ends_frame(what: str) -> bool:
    return not what.strip() or what.startswith("in ") or _TYPE.match(what) is not None


def _read_python(lines: Sequence[str]) -> _Block:
    block = _Block()
    for line in lines:
        if line.strip() == _PYTHON_HEAD:
            block.error.clear()
        elif not block.error and (place := _PYTHON_FRAME.match(line)):
            block.frames.append([place["path"], int(place["line"]), place["function"] or "<module>"])
        elif block.error or (line[:1].strip() and _ERROR.match(line)):
            block.error.append(line)
    return block


def _read_group(lines: Sequence[str], message: str) -> Iterator[Link]:
    """The group, then its members, each followed by its own chain."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if _GROUP_MEMBER.match(line):
            parts.append([])
        elif not _GROUP_END.match(line):
            parts[-1].append(_GROUP_MARGIN.sub("", line).replace(_GROUP, _PYTHON_HEAD))
    for at, part in enumerate(parts):
        told = read_traceback("\n".join([*([] if _is_python(part) else [_PYTHON_HEAD]), *part]), "" if at else message)
        for link in told.chain:
            yield {**link, "relation": "member"} if at and link is told.chain[0] else link


def _link(block: _Block, message: str, type_: str) -> Link:
    told = "\n".join(_dedented(block.error)).strip("\n") or message.strip()
    name, said, frames = _named(told, block.type or type_, block.frames)
    module, _, bare = name.rpartition(".")
    return {
        "type": bare or "Failed",
        # a mere sentence has no exception type
        "module": module.partition(".<locals>")[0] or ("builtins" if bare else ""),
        "message": said[: LONGEST_MESSAGE + 8_000],  # the reader masks secrets before it cuts
        "length": len(said),
        "relation": None,
        "frames": frames,
    }


def _dedented(lines: Sequence[str]) -> Iterator[str]:
    """Remove the indent that all lines share. Unlike ``textwrap.dedent``, keep the white space of blank lines."""
    shared = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return (line[shared:] for line in lines)


def _named(told: str, type_: str, frames: list[list[Any]]) -> tuple[str, str, list[list[Any]]]:
    """The qualified type, the message as ``str(error)`` gives it, and the frames."""
    bare = type_.rpartition(".")[2]
    if syntax := _SYNTAX.match(told):  # its own place is in its text, and in its message
        path, line = syntax["path"], int(syntax["line"])
        said = f"{syntax['message']} ({PureWindowsPath(path).name}, line {line})"  # takes both kinds of slashes
        return syntax["type"], said, [*frames, [path, line, "<module>"]]
    if _MISSING_FIXTURE.match(told):
        return "_pytest.fixtures.FixtureLookupError", told, frames
    error = _ERROR.match(told)
    if error and (error["type"].rpartition(".")[2] == bare or (not bare and _looks_like_a_type(error))):
        return error["type"], error["message"] or "", frames
    if not type_ and told.startswith("assert "):
        return "AssertionError", told, frames
    return type_, told, frames


def _looks_like_a_type(error: re.Match[str]) -> bool:
    last = error["type"].rpartition(".")[2]
    return last[:1].isupper() and (error["message"] is not None or last.endswith(("Error", "Exception", "Exit")))
