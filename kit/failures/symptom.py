"""What one bad test, or one file that could not be collected, shows: all that grouping and categories look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kit.facts.failures import ExceptionInfo, Failure, Frame, Phase
from kit.facts.suite import CollectionError, RecheckVerdict, TestResult
from kit.failures.root import Root, find_root
from kit.failures.server_errors import is_server_error, printed_type_and_message

Kind = Literal["failed", "error", "timed_out", "crashed", "uncollectable"]

#: the types of roots that are not exceptions
TIMED_OUT, CRASHED, NO_EXCEPTION = "timed out", "crashed", "no exception"


@dataclass(frozen=True)
class Symptom:
    """``chain`` is empty where no exception was recorded; ``root`` then holds the reason of the outcome. ``alone`` says
    what the test did when it was run once more. ``behind`` is the error that a server printed before its answer, where
    a server error failed the test.
    """

    kind: Kind
    phase: Phase
    root: Root
    chain: tuple[ExceptionInfo, ...] = ()
    fixture: str | None = None
    alone: RecheckVerdict | None = None
    behind: str = ""

    @property
    def message(self) -> str:
        """The message of the root."""
        return self.root.message


def symptom_of_result(result: TestResult, failure: Failure | None) -> Symptom:
    """Read a bad result. A test that was stopped or died tells its reason; frames are those of its stack, if any."""
    phase = result.phase or (failure.phase if failure else "call")
    kind: Kind = result.outcome if result.outcome in ("error", "timed_out", "crashed") else "failed"
    if kind in ("timed_out", "crashed"):
        root = _stopped(TIMED_OUT if kind == "timed_out" else CRASHED, result.reason, failure)
        return Symptom(kind, phase, root, failure.chain if failure else (), failure.fixture if failure else None)
    if failure is None:
        return Symptom(kind, phase, Root(NO_EXCEPTION, "", result.reason or ""), alone=result.alone)
    root = find_root(failure)
    return Symptom(kind, failure.phase, root, failure.chain, failure.fixture, result.alone, _behind(root, failure))


def symptom_of_collection_error(error: CollectionError) -> Symptom:
    """Read why a file could not be collected."""
    return Symptom("uncollectable", "collect", find_root(error.failure), error.failure.chain)


def _behind(root: Root, failure: Failure) -> str:
    error = printed_type_and_message(failure.tail) if failure.tail and is_server_error(root.message) else None
    return ": ".join(error) if error else ""


def _stopped(type_: str, reason: str | None, failure: Failure | None) -> Root:
    frames: tuple[Frame, ...] = failure.chain[-1].frames if failure else ()
    own = next((frame for frame in reversed(frames) if frame.owner == "own"), None)
    test = next((frame for frame in reversed(frames) if frame.owner == "test"), None)
    return Root(type_, "", reason or type_, frames, own, test, steps=("stack at the time",) if frames else ())
