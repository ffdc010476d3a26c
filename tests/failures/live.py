"""Failures for the tests of failures and causes: from live exceptions, and from the parts of recorded ones.

Shaped like what the suite's plugin records: outermost exception first, each with its frames, outermost frame first.
"""

from __future__ import annotations

import hashlib
import linecache
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

from kit.facts.failures import ExceptionInfo, Failure, Frame, Owner, Phase

_LIBRARIES = (sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"))
Relation = Literal["cause", "context", "member"]


def failure_from(
    error: BaseException, phase: Phase = "call", *, fixture: str | None = None, owner: Owner = "test"
) -> Failure:
    """Record a live exception; frames outside libraries belong to ``owner``."""
    chain = tuple(_walk(error, None, owner))
    return with_id(Failure(id="", phase=phase, chain=chain, fixture=fixture))


def failure_of(
    raiser: Callable[[], object], phase: Phase = "call", *, fixture: str | None = None, owner: Owner = "test"
) -> Failure:
    """Call ``raiser``, which must raise, and record what it raised."""
    try:
        raiser()
    except BaseException as error:  # noqa: BLE001  # SystemExit and MemoryError are recorded too
        return failure_from(error, phase, fixture=fixture, owner=owner)
    raise AssertionError(f"{raiser} did not raise")


def failure_with(
    message: str,
    kind: str = "AssertionError",
    *,
    phase: Phase = "call",
    frames: tuple[Frame, ...] = (),
    fixture: str | None = None,
) -> Failure:
    """A failure of one exception; ``kind`` is its type with its module (none for a built-in one)."""
    module, _, name = kind.rpartition(".")
    info = ExceptionInfo(name, module or "builtins", message, len(message), frames)
    return with_id(Failure(id="", phase=phase, chain=(info,), fixture=fixture))


def own(path: str, line: int, function: str, source: str = "") -> Frame:
    """A frame in the target's own code."""
    return Frame(path, line, function, "own", source)


def in_test(path: str, line: int, function: str, source: str = "") -> Frame:
    """A frame in a test file."""
    return Frame(path, line, function, "test", source)


def with_id(failure: Failure) -> Failure:
    """Give a failure the id that its content demands."""
    content = repr((failure.phase, failure.fixture, failure.chain))
    return replace(failure, id=hashlib.sha256(content.encode()).hexdigest()[:16])


def _walk(error: BaseException, relation: Relation | None, owner: Owner) -> Iterator[ExceptionInfo]:
    message = str(error)
    yield ExceptionInfo(
        type=type(error).__name__,
        module=type(error).__module__,
        message=message,
        message_length=len(message),
        frames=tuple(_frames(error, owner)),
        relation=relation,
    )
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _walk(member, "member", owner)
    elif error.__cause__ is not None:
        yield from _walk(error.__cause__, "cause", owner)
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _walk(error.__context__, "context", owner)


def _frames(error: BaseException, owner: Owner) -> Iterator[Frame]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        path = frame.f_code.co_filename
        whose: Owner = "library" if path.startswith(_LIBRARIES) else owner
        yield Frame(path, line, frame.f_code.co_name, whose, linecache.getline(path, line).strip())
