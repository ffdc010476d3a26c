"""A run on a cluster: kit collects, hands batches to sites on the workers, and records what comes back."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from uuid import uuid4

from kit.facts.errors import TargetError
from kit.suite.cluster.member import Member
from kit.suite.cluster.order import SiteOrder, import_paths_in, shipped_environment
from kit.suite.cluster.parcel import pack
from kit.suite.cluster.reporting import Reporting
from kit.suite.cluster.scheduler import WORKER_LIMIT, Scheduler, WorkerLostError, connected
from kit.suite.cluster.sharing import Sharing
from kit.suite.collect.collected import Collected
from kit.suite.plan.order import Order
from kit.suite.process.place import Place
from kit.suite.process.wire import Record
from kit.suite.record.recorder import Recorder
from kit.suite.run.preparing import prepared

#: how long it rests when nobody has said anything, in seconds
_REST = 0.005

#: how often it is looked who works, in seconds
_LOOK_EVERY = 1.0

#: batches that a site has for each of its workers: one that runs, one that waits
_BATCHES_EACH = 2

#: how long sites that are told to end at once may take to have heard it, in seconds
_STOP_LIMIT = 2.0


def run_on_cluster(order: Order, recorder: Recorder, place: Place) -> str | None:
    """Run the suite on the cluster of the options; the problem that ended the run early, if one did.

    The suite is collected here, so that the tests, their names and the accounting are those of a run at home; each
    worker of the cluster gets a copy of the tree and collects for itself. Raises
    :class:`~kit.facts.errors.TargetError` when the cluster cannot be used at all.
    """
    began = time.monotonic()
    with connected(order.options.cluster or "") as scheduler:
        threads = sum(scheduler.first_workers().values())
        scheduler.ship(pack(place.root))
        here = replace(order, options=replace(order.options, workers=threads))
        return prepared(
            here, recorder, place, lambda suite: ClusterRun(scheduler, here, recorder, suite.collected, began).run()
        )


class ClusterRun:
    """Drives the sites of one run, which ``began`` at a moment of the monotonic clock."""

    def __init__(
        self, scheduler: Scheduler, order: Order, recorder: Recorder, collected: Collected, began: float
    ) -> None:
        self._scheduler, self._order, self._collected = scheduler, order, collected
        self._sharing = Sharing(collected.ledger.rest())
        self._reporting = Reporting(recorder, collected.names, self._sharing)
        self._members: list[Member] = []
        self._hired: set[str] = set()  # workers that have, or had, a site
        self._slots = 0
        self._run = uuid4().hex
        self._looked = -math.inf
        self._ends_at = began + (order.options.run_timeout_s or math.inf)
        self._may_come_until = -math.inf  # when a worker was lost, its nanny may start another one
        self._troubles: dict[str, str] = {}

    def run(self) -> str | None:
        """Run until every test is finished; the reason when that has to be given up."""
        try:
            problem = self._drive()
            if not problem:
                self._let_go()
            return problem
        finally:
            self._stop()

    def _drive(self) -> str | None:
        while not self._sharing.is_done:
            problem = self._look()
            if problem:
                return problem
            self._go_round()
        return None

    def _look(self) -> str | None:
        """See who works, and whether anybody still can; the problem that ends the run."""
        now = time.monotonic()
        if now > self._ends_at:
            return f"The run was ended after {self._order.options.run_timeout_s:g} s, the limit for the whole run."
        try:
            if self._scheduler.is_lost:
                raise OSError
            if now - self._looked > _LOOK_EVERY:
                self._looked = now
                self._meet(self._scheduler.workers())
        except (OSError, TimeoutError):
            return f"The scheduler at {self._scheduler.address} was lost; what ran until then is kept."
        return self._nobody_left(now)

    def _meet(self, workers: dict[str, int]) -> None:
        """Workers have come and gone."""
        for member in tuple(self._members):
            if member.address not in workers:
                self._lose_worker(member)
        for address, threads in workers.items():
            if address not in self._hired:
                self._hire(address, threads)

    def _hire(self, address: str, threads: int) -> None:
        order = self._order
        part = SiteOrder(
            target=order.target,
            options=replace(order.options, workers=threads, cluster=None, run_timeout_s=None, durations={}),
            nodeids=order.nodeids,
            first=self._slots,
            workers=order.options.workers,
            run=self._run,
            environment=shipped_environment(),
            import_paths=import_paths_in(order.target.path),
        )
        remote = self._scheduler.start(address, part)
        self._members.append(Member(len(self._hired), address, self._slots, threads, remote))
        self._hired.add(address)
        self._slots += threads

    def _nobody_left(self, now: float) -> str | None:
        if self._members or now < self._may_come_until:
            return None
        why = "; ".join(f"{address}: {trouble}" for address, trouble in self._troubles.items())
        return f"No worker of the cluster at {self._scheduler.address} can run the tests ({why})."

    def _go_round(self) -> None:
        """Hear every site once, and give it something to do; rest when none has said anything."""
        has_heard = False
        for member in tuple(self._members):
            try:
                records = member.hear()
                for record in records:
                    self._take(member, record)
                if member in self._members:
                    self._feed(member)
                    member.ask()
            except TargetError as error:
                self._lose(member, str(error))
            except WorkerLostError:
                self._lose_worker(member)
            else:
                has_heard |= bool(records)
        if not has_heard:
            time.sleep(_REST)

    def _take(self, member: Member, record: Record) -> None:
        if record["kind"] == "ready":
            member.is_ready = True
            member.say({"kind": "suite", "nodeids": self._collected.nodeids, "names": self._collected.names})
        elif record["kind"] == "over":
            member.problem = record["problem"]
        elif record["kind"] == "gone":
            self._lose(member, member.problem or record["reason"] or "it has ended")
        else:
            self._reporting.take(member, record)

    def _feed(self, member: Member) -> None:
        most = _BATCHES_EACH * member.slots
        while member.is_ready and (batch := self._sharing.hand_out(member.number, most)):
            member.say({"kind": "batch", "batch": batch})

    def _lose_worker(self, member: Member) -> None:
        self._may_come_until = time.monotonic() + WORKER_LIMIT
        self._lose(member, "its worker was lost")

    def _lose(self, member: Member, reason: str) -> None:
        """A site has ended; if it was not told to, others take what it has not finished."""
        self._members.remove(member)
        member.forget()
        if member.is_dismissed:
            self._reporting.ended(member)
        else:
            self._troubles[member.address] = reason
            self._reporting.lost(member, reason, self._sharing.take_back(member.number))

    def _let_go(self) -> None:
        """All tests are finished: the sites run once more what failed, and end."""
        for member in self._members:
            member.dismiss()
        while self._members and time.monotonic() < self._ends_at and not self._scheduler.is_lost:
            self._go_round()

    def _stop(self) -> None:
        calls = [call for member in self._members if (call := member.stop())]
        deadline = time.monotonic() + _STOP_LIMIT
        while not all(call.is_done for call in calls) and time.monotonic() < deadline:
            time.sleep(_REST)
        for member in self._members:
            member.forget()
