"""What a file of results says, whatever its format: the words that the formats share. Nothing here knows a target."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kit.facts.failures import Phase
from kit.facts.suite import Outcome


class BrokenResultsError(Exception):
    """A file is broken; ``str(error)`` says how, as the end of a sentence that begins with the file's name."""


@dataclass(frozen=True)
class TestName:
    """How a file names a test: by pytest's own ``nodeid``, or by a dotted ``classname`` and a ``name``, perhaps with
    the ``file`` that the test was defined in.
    """

    __test__ = False

    nodeid: str = ""
    classname: str = ""
    name: str = ""
    file: str = ""


@dataclass(frozen=True)
class Seen:
    """What a file says of one test in one phase.

    ``not_run`` says nothing about the outcome: a set-up or a tear-down that went well. ``begins`` is true when this is
    the first word of an attempt at the test: what was seen before was a rerun's. ``message``, ``type`` and ``text``
    (its traceback) describe a failure, ``tail`` is what it printed. ``line`` counts from 1.
    """

    name: TestName
    outcome: Outcome
    phase: Phase = "call"
    begins: bool = True
    seconds: float | None = None
    reason: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    tail: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Uncollectable:
    """A file or folder that could not be collected; ``text`` is its traceback."""

    name: TestName
    text: str


@dataclass(frozen=True)
class Recorded:
    """All that one file says. ``problem`` is the sentence that says why its run is not whole."""

    tests: tuple[Seen, ...] = ()
    uncollectable: tuple[Uncollectable, ...] = ()
    pytest_version: str | None = None
    seconds: float | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Document:
    """The text of a file, and its JSON where it is such."""

    text: str

    @cached_property
    def json(self) -> Any:
        """The decoded text, ``None`` when it is not one JSON value. The standard library's decoder, unlike stricter
        ones, reads all that Python's own encoder writes: ``NaN``, and names that are no text.
        """
        return decoded(self.text)

    @cached_property
    def first_line(self) -> Any:
        """The first line, decoded; ``None`` when it is no JSON."""
        return decoded(self.text.lstrip().partition("\n")[0])


@dataclass(frozen=True)
class Format:
    """A format: its name, how to know it, and how to read it. ``read`` raises :class:`BrokenResultsError` only."""

    name: str
    recognises: Callable[[Document], bool]
    read: Callable[[Document], Recorded]


def decoded(text: str) -> Any:
    """The JSON value that ``text`` is, or ``None``."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Mapping[str, Any]:
    """``value`` when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Sequence[Mapping[str, Any]]:
    """The JSON objects of an array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """``value`` when it is text, without what no encoding knows; else nothing."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def seconds(value: object) -> float | None:
    """A duration in seconds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    # milliseconds since 1970 have 13 digits
    return float(value) if math.isfinite(value) and abs(value) < 1e15 else None


def counted_from_one(line: object) -> int | None:
    """A line that pytest counts from 0."""
    return line + 1 if isinstance(line, int) and 0 <= line < 10**9 else None


def without(start: str, words: str) -> str:
    """``words`` without what they begin with."""
    return words.removeprefix(start).strip()
