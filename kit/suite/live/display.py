"""What all displays of a run have in common."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Protocol, Self

from kit.suite.live.progress import Progress

#: how many redraws a second, at most
REDRAWS = 4

#: how many kinds of failures are shown with their counts
KINDS = 5


class Display(Protocol):
    """Shows the progress of a run for as long as its ``with`` block lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def show(self, progress: Progress) -> None:
        """Show ``progress``, or keep it for the next redraw: this may be called for every event."""


class Throttled:
    """Draws at most once in ``seconds``, and the last state in any case."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._drawn_at = float("-inf")
        self._latest: Progress | None = None
        self._is_drawn = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._latest and not self._is_drawn:
            self._draw(self._latest)

    def show(self, progress: Progress) -> None:
        """Show ``progress`` now, or with the next redraw."""
        self._latest, self._is_drawn = progress, False
        if time.monotonic() - self._drawn_at >= self._seconds:
            self._draw(progress)
            self._drawn_at, self._is_drawn = time.monotonic(), True

    def _draw(self, progress: Progress) -> None:
        raise NotImplementedError
