"""Whether the workers wait (for a subprocess, a server, a sleep) while processors have nothing to do."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping

import psutil

#: how long workers are watched before a decision, in seconds: a single test that sleeps must not decide
_WINDOW = 0.5

#: so much of one worker's time, and of one processor's, has to be unused
_ENOUGH = 0.5


class Idleness:
    """Compares what processes have used with what they could have used since the last time."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._used: Mapping[int, float] = {}
        self._idle = _idle_s()

    def look(self, pids: Iterable[int]) -> bool:
        """Whether the processes have waited, as :func:`could_do_more` has it. Says no until it has seen them for half a
        second; to be called now and then.
        """
        now = time.monotonic()
        seconds = now - self._began
        if seconds < _WINDOW:
            return False
        used, idle = {pid: spent for pid in pids if (spent := _spent_s(pid)) is not None}, _idle_s()
        could = could_do_more(seconds, self._used, used, idle - self._idle)
        self._began, self._used, self._idle = now, used, idle
        return could


def could_do_more(seconds: float, before: Mapping[int, float], after: Mapping[int, float], idle_s: float) -> bool:
    """Whether processes have waited, all together, for at least half of these seconds, while at least half a processor
    was idle. ``before`` and ``after`` are the processor time of each, ``idle_s`` the idle time of all processors.
    """
    waited = sum(max(0.0, seconds - (after[pid] - before[pid])) for pid in before.keys() & after.keys())
    return min(waited, idle_s) > _ENOUGH * seconds


def _spent_s(pid: int) -> float | None:
    """Processor time of a process, in seconds; ``None`` when it is gone."""
    with contextlib.suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    return None


def _idle_s() -> float:
    """For how long the machine's processors have been idle, all together, in seconds."""
    times = psutil.cpu_times()
    return float(times.idle + getattr(times, "iowait", 0.0))
