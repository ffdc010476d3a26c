"""Follows a run from another process, by reading its file of events as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any

from kit.suite.live.advancing import advance
from kit.suite.live.display import Display
from kit.suite.live.progress import Progress
from kit.suite.record.events import parse_line

#: how often kit looks at the file, in seconds
_TICK = 0.1


def watch(events: Path, display: Display, *, until: Callable[[], bool] | None = None) -> Progress:
    """Show the run that is recorded in ``events`` until it ends; return its last state.

    The file may not exist yet. Without ``until`` the first end of a session is the end. With ``until`` an interrupted
    run may be resumed, so only ``until`` or a regular end stops the display, and an end that was recorded before does
    not.
    """
    progress = Progress()
    tail = _Tail(events)
    if until is not None:
        progress = reduce(advance, tail.new_events(), progress)
    ended_before = progress.stage == "ended"
    display.show(progress)
    while True:
        is_over = (
            until is not None and until()
        )  # before the file is read, so that what is written until now is still shown
        for event in tail.new_events():
            progress = advance(progress, event)
            ended_before = ended_before and event["kind"] != "session"
        display.show(progress)
        has_ended = progress.stage == "ended" and not ended_before and (until is None or not progress.interrupted)
        if is_over or has_ended:
            return progress
        time.sleep(_TICK)


class _Tail:
    """Reads what was appended to a file since the last time; an incomplete last line waits for its rest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = 0

    def new_events(self) -> Iterator[dict[str, Any]]:
        try:
            with self._path.open("rb") as file:
                if self._path.stat().st_size < self._position:
                    self._position = 0  # the file was emptied for a new run
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
