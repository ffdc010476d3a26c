"""How workers end: done, dead, too slow or too large. Each way settles what becomes of the tests that they held."""

from __future__ import annotations

from dataclasses import replace

from kit.suite.options import RunOptions
from kit.suite.process.board import Current
from kit.suite.process.memory import Excess
from kit.suite.process.outcomes import exit_reason, timeout_reason
from kit.suite.process.processes import Child
from kit.suite.process.stacks import dump_stack, peek, read_stack
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.losses import Losses
from kit.suite.run.run_events import RunEvents
from kit.suite.run.spawning import Spawner
from kit.suite.run.workers import Workers

#: how long pytest may take to end its session, in seconds (at most the limit of a test)
_END_LIMIT = 10.0


class WorkerEnds:
    """Ends the workers of one pool, and the sessions of pytest that they leave."""

    def __init__(
        self,
        options: RunOptions,
        supervisor: Supervisor,
        events: RunEvents,
        workers: Workers,
        losses: Losses,
        spawner: Spawner,
    ) -> None:
        self._options, self._supervisor, self._events = options, supervisor, events
        self._workers, self._losses, self._spawner = workers, losses, spawner
        self.has_failed_end = False  # of a session, by its exit code

    def retire(self, child: Child) -> None:
        """A worker is done: return its unfinished tests to the queue, and end what its tests have left behind."""
        self._events.leaked(child.left_behind())
        self._losses.give_back(child.slot, self._workers.current(child), is_explained=True)
        if child.is_fork:
            self._supervisor.kill(child)
        else:
            self._supervisor.let_end(child.parent, self.limit_s)
        self._workers.remove(child, "done")

    def reap(self, child: Child) -> None:
        """A worker is dead or does nothing any more. The test that it ran, if any, is to blame; the others go on."""
        current, program = self._workers.current(child), child.replaced_by
        returncode = self._supervisor.kill(child)
        if not self._spawner.lose_server_if_gone():
            reason = exit_reason(returncode, program)
            self._losses.settle(child, self._at_the_end(child, current), "crashed", reason, read_stack(child.stacks))

    def time_out(self, child: Child, current: Current, limit: float) -> None:
        """End a test that takes too long.

        From here on kit ignores what the worker sends, since the signal for the stack can wake the test up.
        """
        self._supervisor.stop_listening(child.connection)
        child.connection.refuse()  # it must not go on to the next test
        stack = dump_stack(child.pid, child.stacks)
        self._losses.settle(child, current, "timed_out", timeout_reason(limit, current.phase), stack)
        if child.is_unguarded:
            self._supervisor.kill(child)
        else:
            self._workers.terminate(child, self._options.grace_s)

    def kill_for_memory(self, child: Child, excess: Excess) -> None:
        """A worker takes too much memory."""
        current, stack = self._workers.current(child), peek(child.pid)
        self._supervisor.kill(child)
        self._losses.settle_excess(child, self._at_the_end(child, current), excess, stack)

    def _at_the_end(self, child: Child, current: Current) -> Current:
        """``current``, with the test that a worker which is dead now has begun last: one whose connection was cut goes
        on until it is killed.
        """
        return replace(current, last=self._workers.current(child).last)

    @property
    def limit_s(self) -> float:
        """How long pytest may take to end a session, in seconds."""
        return min(_END_LIMIT, self._options.usual_limit_s)

    def watch_sessions(self, *, wait: bool = False) -> None:
        """Look after the sessions that are ending, and kill what takes too long. ``wait``: until all have ended."""
        for end in self._supervisor.end_the_ended(wait=wait):
            if end.stack is not None:
                self._events.hangs_at_end(self.limit_s, end.stack)
            self.has_failed_end |= end.is_failure
