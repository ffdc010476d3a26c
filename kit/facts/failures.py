"""What a failing test left behind: its exception chain, captured from the object and never from text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.facts.upgrades import Forecast

Phase = Literal["collect", "setup", "call", "teardown"]

#: whose code a frame is: the target's own, one of its test files, or a library's
Owner = Literal["own", "test", "library"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame of a traceback, outermost first in its tuple. ``source`` is the stripped text of the line."""

    path: str
    line: int
    function: str
    owner: Owner
    source: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionInfo:
    """One exception of a chain.

    ``relation`` says how the one before it in the chain led to it: ``"cause"`` (``raise … from``), ``"context"``
    (raised while handling) or ``"member"`` (of an exception group); the outermost has ``None``. ``message`` is cut at
    10,000 characters, ``message_length`` is the whole length.
    """

    type: str
    module: str
    message: str
    message_length: int
    frames: tuple[Frame, ...] = ()
    relation: Literal["cause", "context", "member"] | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A recorded exception chain: the exception as raised first, then what it came from, down to the root.

    Each distinct failure is stored once; tests point to it by ``id``, a hash of types, messages and frames.
    ``fixture`` is the fixture that was being set up or torn down. ``tail`` holds the end of what the first such test
    printed or logged, and of what the command printed whose failure it shows.
    """

    id: str
    phase: Phase
    chain: tuple[ExceptionInfo, ...]
    fixture: str | None = None
    tail: str = ""

    @property
    def raised(self) -> ExceptionInfo:
        """The exception that reached pytest."""
        return self.chain[0]


@dataclass(frozen=True, slots=True)
class Signature:
    """What makes two failures the same (see ``kit.failures.signature``)."""

    exception: str
    message: str
    frame: str | None
    phase: Phase


@dataclass(frozen=True)
class Group:
    """Failures of one signature. ``why`` explains the grouping: rule, parameterised message, frame.

    ``first_hand`` counts the tests that show the root error itself, ``count`` all of them, follow-ons included.
    ``files`` are those that could not be collected because of it: they count no tests. ``variants`` are the strict
    signatures (they differ in their frames), each with its number of tests and files, the most frequent first; the
    group's own ``signature`` is the first of them.
    """

    id: str
    signature: Signature
    category: str
    count: int
    first_hand: int
    sample_tests: tuple[str, ...]
    tests: tuple[str, ...] = ()
    failure_ids: tuple[str, ...] = ()
    why: str = ""
    example: str = ""
    files: tuple[str, ...] = ()
    variants: tuple[tuple[Signature, int], ...] = ()


@dataclass(frozen=True)
class Category:
    """A named family of failures. ``key`` is stable (``"mapper-registry"``), ``title`` is for people."""

    key: str
    title: str
    meaning: str
    advice: str
    documentation: str | None = None


@dataclass(frozen=True)
class Grouping:
    """All groups of a run, largest first, the categories that occur, with their counts of tests, and what the run's
    warnings say of the next releases.
    """

    groups: tuple[Group, ...]
    categories: tuple[tuple[Category, int], ...]
    #: node id (or path, for an uncollectable file) to the id of its group
    group_of: dict[str, str]
    forecasts: tuple[Forecast, ...] = ()
