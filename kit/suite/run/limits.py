"""What a worker may take: the time of a test, the time between two tests, and memory."""

from __future__ import annotations

import time
from typing import Literal

from kit.platform.process_facts import LISTING_S
from kit.suite.collect.collected import Collected
from kit.suite.options import RunOptions
from kit.suite.process.board import Current
from kit.suite.process.memory import Excess, MemoryWatch
from kit.suite.process.processes import Child
from kit.suite.process.stacks import peek
from kit.suite.run.run_events import RunEvents
from kit.suite.run.workers import Workers

#: how often the running tests are recorded, in seconds
_RUNNING_EVERY = 0.5

#: how long a worker may do nothing between two tests, in seconds (at least the limit of a test)
IDLE_LIMIT = 30.0

#: which limit a worker exceeds: that of its test, or that between two tests
Breach = Literal["test", "idle"]


class LimitWatch:
    """Compares the workers with the limits of the run's options and those that the ``suite`` has itself."""

    def __init__(self, options: RunOptions, suite: Collected, workers: Workers, events: RunEvents) -> None:
        self._options, self._suite, self._workers, self._events = options, suite, workers, events
        self._memory = MemoryWatch(options.memory_mb)
        self._recorded, self._looked = 0.0, -LISTING_S

    def limit_of(self, index: int) -> float:
        """How long this test may take, in seconds."""
        nodeid = self._suite.nodeids[index]
        return self._options.limit_of(nodeid, self._suite.own_limits.get(nodeid, self._suite.own_limit))

    def breach_of(self, child: Child, current: Current) -> Breach | None:
        """The limit that a worker exceeds, given what it runs now. A test that is merely slow is recorded once."""
        if current.index is None or not self._workers.holds(child, current):
            idle_s = min(current.seconds, time.monotonic() - child.heard)
            return "idle" if idle_s > max(IDLE_LIMIT, self._options.usual_limit_s) else None
        limit = self.limit_of(current.index)
        if current.seconds > limit:
            return "test"
        is_slow = current.seconds > (self._options.slow_s or limit / 2)
        if is_slow and not self._events.is_called_slow(current.index):
            self._events.slow(current.index, current, peek(child.pid))
        return None

    def excess(self) -> Excess | None:
        """The worker that takes too much memory, if one does; looks no oftener than :data:`LISTING_S` allows."""
        now = time.monotonic()
        if now - self._looked < LISTING_S:
            return None
        self._looked = now
        live = self._workers.live.items()
        return self._memory.look({slot: (child.pid, self._workers.current(child).index) for slot, child in live})

    def record_running(self) -> None:
        """Record what runs, twice a second."""
        now = time.monotonic()
        if now - self._recorded > _RUNNING_EVERY:
            self._recorded = now
            self._events.running(self._workers.running())
