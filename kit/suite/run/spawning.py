"""Starts workers: forks them from the process that has collected the suite, or lets each collect it for itself."""

from __future__ import annotations

from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.collect.collection import Collection
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.idleness import Idleness
from kit.suite.process.outcomes import exit_reason
from kit.suite.process.processes import PytestProcess
from kit.suite.process.supervisor import Supervisor
from kit.suite.run.joining import Joining
from kit.suite.run.losses import Losses
from kit.suite.run.workers import Workers


class Spawner:
    """Keeps as many workers running as there are batches for."""

    def __init__(
        self,
        spec: RunSpec,
        suite: Collected,
        collector: Collector,
        supervisor: Supervisor,
        workers: Workers,
        losses: Losses,
    ) -> None:
        self._options, self._suite, self._collector = spec.options, suite, collector
        self._supervisor, self._workers, self._losses = supervisor, workers, losses
        self._idleness, self._joining = Idleness(), Joining()
        #: the prefork server: the process that workers are forked from
        self.server: PytestProcess | None = None
        self._collecting: dict[int, Collection] = {}  # processes that collect again, by slot

    @property
    def processes(self) -> tuple[PytestProcess, ...]:
        """The processes that run no tests themselves, and whose sessions pytest has to end."""
        return tuple(process for process in (self.server, self._workers.controller) if process is not None)

    def take_over(self, end_limit_s: float) -> None:
        """Give each process that collection has left its part in the run; one without a part ends in this time."""
        suite = self._suite
        self._workers.controller = suite.controller
        for collection in suite.others:
            self._expect(collection)
        if suite.forks:
            self.server = suite.process
        elif suite.is_worker and not suite.ledger.is_done:
            self._workers.add(self._supervisor.put_to_work(suite.process, 0))
        elif suite.process is not suite.controller:
            self._supervisor.let_end(suite.process, end_limit_s)

    def keep_server(self) -> None:
        """Fork workers from the process that has collected the suite, if that is allowed and it still runs."""
        if self._suite.forks and self.server is None and not self._collecting:
            self.server = self._suite.process

    def spawn_missing(self) -> None:
        """Start a worker for each batch that waits, as far as there are free slots."""
        spare = self._options.most_workers  # the slot of a process that only collects
        ledger, taken = self._workers.phase.ledger, self._workers.taken_slots | self._collecting.keys()
        leader = self._workers.leader
        is_parked = leader is not None and leader.slot not in self._workers.live
        free = [slot for slot in range(self._workers.phase.workers + is_parked) if slot not in taken]
        waiting = (slot for slot, child in self._workers.live.items() if child is not leader)
        about_to_pull = len(self._collecting) + sum(not ledger.is_busy(slot) for slot in waiting)
        for slot in free[: max(0, ledger.waiting - about_to_pull)]:
            if self.server is not None:
                self._fork(self.server, slot)
            elif not self._suite.forks:
                self._collect_again(slot)
            elif spare not in self._collecting:
                self._supervisor.surroundings.about_to_collect()
                self._collect_again(spare)

    def grow(self) -> None:
        """Allow more workers: those that are to come later, and one more while the others leave processors idle, since
        it costs no more than a fork.
        """
        self._joining.look(self._workers.phase, has_worker=bool(self._workers.live))
        if self.server and self._workers.phase.can_grow:
            pids = (child.pid for child in self._workers.live.values())
            self._workers.phase.workers += self._idleness.look(pids)

    def check_collections(self) -> None:
        """End the collections that take too long."""
        for collection in tuple(self._collecting.values()):
            collection.tick(self._options)
            if collection.problem:
                self._receive(collection)

    def lose_server_if_gone(self) -> bool:
        """Whether the prefork server is gone, and its workers with it. The suite is then collected again."""
        if self.server is None or not self.server.connection.closed:
            return False
        self._lose_server(self.server)
        return True

    def end_collections(self) -> None:
        """End the processes that still collect: no test waits for them."""
        for collection in self._collecting.values():
            self._supervisor.end(collection.process)

    def _fork(self, server: PytestProcess, slot: int) -> None:
        phase = self._workers.phase
        child = self._supervisor.fork(server, slot, watches=phase.watches, has_overlay=phase.has_overlays)
        if child is None:
            self._lose_server(server)
        else:
            self._workers.add(child)

    def _lose_server(self, server: PytestProcess) -> None:
        self.server = None
        self._losses.settle_all(exit_reason(self._supervisor.end(server)))

    def _collect_again(self, slot: int) -> None:
        controller = self._workers.controller
        prepared = controller.prepare(slot) if controller else None
        phase, forks = self._workers.phase, self._suite.forks
        has_overlay = phase.has_overlays and not forks
        watches = forks or phase.watches
        self._expect(
            self._collector.start(slot, quietly=True, prepared=prepared, has_overlay=has_overlay, watches=watches)
        )

    def _expect(self, collection: Collection) -> None:
        """Let a process work as soon as it has collected the suite."""
        self._collecting[collection.process.slot] = collection
        self._supervisor.listen(collection.process.connection, lambda: self._receive(collection))

    def _receive(self, collection: Collection) -> None:
        collection.read()
        slot = collection.process.slot
        if collection.ready and slot == self._options.most_workers:
            self.server = collection.process
            self._supervisor.stop_listening(collection.process.connection)
        elif collection.ready:
            self._workers.add(self._supervisor.put_to_work(collection.process, slot))
        elif collection.problem:
            is_for_its_name = collection.is_named and not self._workers.has_added
            if not is_for_its_name or not self._collector.do_without_names(collection.trouble):
                self._losses.note_failed_start(collection.trouble)
            self._supervisor.end(collection.process)
        else:
            return
        del self._collecting[slot]
