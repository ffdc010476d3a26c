"""The types that every format is read into. Nothing here knows a target."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.facts.failures import Phase
from kit.facts.outcomes import Outcome
from kit.facts.suite import TestWarning
from kit.facts.wording import counted

#: characters; the first line of pytest-reportlog is short, that of a JSON file may be all of it
FIRST_LINE = 10_000


class BrokenResultsError(Exception):
    """The file is broken. ``str(error)`` completes a sentence that begins with the file's name."""


@dataclass(frozen=True)
class TestName:
    """The name that a file gives to a test, or to a file that could not be collected.

    It is either pytest's ``nodeid``, or a dotted ``classname`` and a ``name``, sometimes with the ``file`` that defines
    the test.
    """

    __test__ = False

    nodeid: str = ""
    classname: str = ""
    name: str = ""
    file: str = ""


@dataclass(frozen=True)
class RecordedOutcome:
    """One outcome of one test, in one phase.

    The outcome ``not_run`` stands for a phase that says nothing about the test, such as a set-up that passed.
    ``begins`` is true when a new attempt at the test starts here: forget what was seen of it before. ``message``,
    ``type`` and ``text`` (the traceback) describe a failure; ``tail`` is the captured output. ``line`` counts from 1.
    """

    __test__ = False

    name: TestName
    outcome: Outcome
    phase: Phase = "call"
    begins: bool = False
    seconds: float | None = None
    reason: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    tail: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Uncollectable:
    """A file or folder that could not be collected; ``text`` is the traceback."""

    name: TestName
    text: str


@dataclass(frozen=True)
class Recorded:
    """Everything that one file says.

    ``shared`` are outcomes of ``setUpClass``, ``setUpModule`` and the like: their name is that of a class or module,
    and they count for its tests. ``problems`` are sentences that say why the file is not the whole truth about its
    run. ``run`` is the same for all files of one run, where the runner writes several; empty where a file stands alone.
    """

    tests: tuple[RecordedOutcome, ...] = ()
    uncollectable: tuple[Uncollectable, ...] = ()
    shared: tuple[RecordedOutcome, ...] = ()
    pytest_version: str | None = None
    seconds: float | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[TestWarning, ...] = ()
    run: str = ""


@dataclass(frozen=True)
class Document:
    """The text of a file, decoded as JSON on demand."""

    text: str

    @cached_property
    def json(self) -> Any:
        """The JSON value of the whole text; ``None`` when it is not one JSON value.

        The decoder is the standard library's, because it reads all that Python's encoder writes: ``NaN``, and strings
        that are not valid Unicode.
        """
        return decoded(self.text)

    @cached_property
    def first_line(self) -> Any:
        """The JSON value of the first line; ``None`` when that line is not JSON."""
        return decoded(self.text[:FIRST_LINE].lstrip().partition("\n")[0])


@dataclass(frozen=True)
class Format:
    """A file format: its name, how to recognise it, how to read it.

    ``read`` raises :class:`BrokenResultsError` and nothing else.
    """

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Recorded]


def decoded(text: str) -> Any:
    """Decode ``text`` as JSON; ``None`` when it is not valid JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Mapping[str, Any]:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Sequence[Mapping[str, Any]]:
    """Return the JSON objects in an array; an empty list for any other value."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def misfits(value: object, what: str) -> tuple[str, ...]:
    """Report the entries of an array that are not JSON objects, in a sentence. ``what`` names the array."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return (f'"{what}" is not an array, and was not read.',)
    return left_out(sum(not isinstance(one, dict) for one in value), f'"{what}"')


def left_out(number: int, where: str) -> tuple[str, ...]:
    """The sentence about records that could not be read; nothing when there are none."""
    if not number:
        return ()
    return (f"{counted(number, 'record')} of {where} could not be read and {'is' if number == 1 else 'are'} left out.",)


def text(value: object) -> str:
    """Return ``value`` if it is a string, with characters replaced that UTF-8 cannot encode; else an empty string."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def seconds(value: object) -> float | None:
    """Return ``value`` if it is a plausible number of seconds, or of milliseconds since 1970."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if math.isfinite(value) and abs(value) < 1e15 else None


def counted_from_one(line: object) -> int | None:
    """Convert a line number that counts from 0."""
    return line + 1 if isinstance(line, int) and 0 <= line < 10**9 else None


def without(start: str, words: str) -> str:
    """Strip the prefix ``start`` and white space."""
    return words.removeprefix(start).strip()
