"""A recorded failure as the page shows it: its chain, with library frames folded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from kit.facts.failures import ExceptionInfo, Failure, Frame

#: more than this many characters of a message, or frames of an exception, no reader reads
_LONGEST_MESSAGE = 4_000
_FIRST_FRAMES, _LAST_FRAMES = 15, 25

_RELATIONS = {None: "", "cause": "caused by", "context": "raised while handling", "member": "member of the group"}


@dataclass(frozen=True)
class FrameRun:
    """Frames that follow each other: all of libraries (shown folded), or all of the target. ``omitted`` come before."""

    folded: bool
    frames: tuple[Frame, ...]
    omitted: int = 0


@dataclass(frozen=True)
class ExceptionView:
    """One exception of the chain; ``cut`` is how many characters of its message are left out."""

    type: str
    module: str
    message: str
    cut: int
    relation: str
    runs: tuple[FrameRun, ...]


@dataclass(frozen=True)
class FailureView:
    """A failure, ready to be shown."""

    failure: Failure
    exceptions: tuple[ExceptionView, ...]


def failure_view(failure: Failure) -> FailureView:
    """What the page shows of a failure."""
    return FailureView(failure, tuple(_exception(info) for info in failure.chain))


def _exception(info: ExceptionInfo) -> ExceptionView:
    message = info.message[:_LONGEST_MESSAGE]
    cut = max(info.message_length, len(info.message)) - len(message)
    return ExceptionView(info.type, info.module, message, cut, _RELATIONS[info.relation], _runs(info.frames))


def _runs(frames: tuple[Frame, ...]) -> tuple[FrameRun, ...]:
    """A recursion may leave a thousand frames: where it began and where it ended tell the story."""
    omitted = len(frames) - _FIRST_FRAMES - _LAST_FRAMES
    if omitted <= 0:
        return _fold(frames)
    first, *rest = _fold(frames[-_LAST_FRAMES:])
    return (*_fold(frames[:_FIRST_FRAMES]), FrameRun(first.folded, first.frames, omitted), *rest)


def _fold(frames: tuple[Frame, ...]) -> tuple[FrameRun, ...]:
    return tuple(
        FrameRun(folded, tuple(run)) for folded, run in groupby(frames, key=lambda frame: frame.owner == "library")
    )


def own_frame(failure: Failure) -> Frame | None:
    """The deepest frame that is the target's own code, else one of a test: where to look first."""
    frames = [frame for info in reversed(failure.chain) for frame in reversed(info.frames)]
    for owner in ("own", "test"):
        for frame in frames:
            if frame.owner == owner:
                return frame
    return None
