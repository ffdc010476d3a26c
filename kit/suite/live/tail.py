"""Following a run from elsewhere: reading its file of events as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kit.suite.live.advancing import advance
from kit.suite.live.display import Display
from kit.suite.live.progress import Progress
from kit.suite.record.events import parse_line

#: how often the file is looked at, in seconds
_TICK = 0.1


def watch(events: Path, display: Display, *, until: Callable[[], bool] | None = None) -> Progress:
    """Show the run that is recorded in ``events``, as it grows, until it ends; return how it stood then.

    The file need not be there yet. Without ``until`` the first end of a run is the end. With it a run that was
    interrupted may go on, so only ``until`` or an orderly end stops the watching.
    """
    progress = Progress()
    tail = _Tail(events)
    display.show(progress)
    while True:
        is_over = until is not None and until()  # asked first: what is written before that is still read
        for event in tail.new_events():
            progress = advance(progress, event)
        display.show(progress)
        has_ended = progress.stage == "ended" and (until is None or not progress.interrupted)
        if is_over or has_ended:
            return progress
        time.sleep(_TICK)


class _Tail:
    """Reads what was appended to a file since the last time; a torn last line waits for its rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0

    def new_events(self) -> Iterator[dict[str, Any]]:
        try:
            with self._path.open("rb") as file:
                if self._path.stat().st_size < self._position:
                    self._position = 0  # the run was begun anew
                file.seek(self._position)
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    self._position += len(line)
                    event = parse_line(line)
                    if event is not None:
                        yield event
        except FileNotFoundError:
            return
