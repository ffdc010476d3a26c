"""A run on a cluster: kit collects, hands batches to sites on the workers, and records what comes back."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace

from kit.facts.errors import TargetError
from kit.suite.cluster.crew import Crew
from kit.suite.cluster.member import Member
from kit.suite.cluster.parcel import pack
from kit.suite.cluster.reporting import Reporting
from kit.suite.cluster.scheduler import WORKER_LIMIT, WorkerLostError, connected
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

#: batches that a site has for each of its workers: one that runs, and others so that it need not wait for kit
_BATCHES_EACH = 3


def run_on_cluster(order: Order, recorder: Recorder, place: Place) -> str | None:
    """Run the suite on the cluster of the options; the problem that ended the run early, if one did.

    The suite is collected here, so that the tests, their names and the accounting are those of a run at home; each
    worker of the cluster gets a copy of the tree and meanwhile collects for itself. Raises
    :class:`~kit.facts.errors.TargetError` when the cluster cannot be used at all.
    """
    ends_at = time.monotonic() + (order.options.run_timeout_s or math.inf)
    with connected(order.options.cluster or "") as scheduler:
        workers = scheduler.first_workers()
        scheduler.ship(pack(place.root))
        order = replace(order, options=replace(order.options, workers=sum(workers.values()), extra_workers=0))
        crew = Crew(scheduler, order)
        try:
            crew.hire(workers)
            return prepared(
                order, recorder, place, lambda suite: ClusterRun(crew, order, recorder, suite.collected, ends_at).run()
            )
        finally:
            crew.stop()


class ClusterRun:
    """Drives the sites of one run, which has to be over at ``ends_at``, a moment of the monotonic clock."""

    def __init__(self, crew: Crew, order: Order, recorder: Recorder, collected: Collected, ends_at: float) -> None:
        self._crew, self._order, self._collected = crew, order, collected
        self._sharing = Sharing(collected.ledger.rest())
        self._reporting = Reporting(recorder, collected.names, self._sharing)
        self._ends_at = ends_at
        self._looked = -math.inf
        self._may_come_until = -math.inf  # when a worker was lost, its nanny may start another one
        self._troubles: dict[str, str] = {}

    def run(self) -> str | None:
        """Run until every test is finished; the reason when that has to be given up."""
        while not self._sharing.is_done:
            problem = self._look()
            if problem:
                return problem
            self._go_round()
        self._let_go()
        return None

    def _look(self) -> str | None:
        """See who works, and whether anybody still can; the problem that ends the run."""
        now, scheduler = time.monotonic(), self._crew.scheduler
        if now > self._ends_at:
            return f"The run was ended after {self._order.options.run_timeout_s:g} s, the limit for the whole run."
        try:
            if scheduler.is_lost:
                raise OSError
            if now - self._looked > _LOOK_EVERY:
                self._looked = now
                self._meet(scheduler.workers())
        except (OSError, TimeoutError):
            return f"The scheduler at {scheduler.address} was lost; what ran until then is kept, and --resume goes on."
        if self._crew.members or now < self._may_come_until:
            return None
        why = "; ".join(f"{address}: {trouble}" for address, trouble in self._troubles.items())
        return f"No worker of the cluster at {scheduler.address} can run the tests ({why})."

    def _meet(self, workers: Mapping[str, int]) -> None:
        """Workers have come and gone."""
        for member in tuple(self._crew.members):
            if member.address not in workers:
                self._lose_worker(member)
        self._crew.hire(workers)

    def _go_round(self) -> None:
        """Hear every site once, and give it something to do; rest when none has said anything."""
        has_heard = False
        for member in tuple(self._crew.members):
            try:
                records = member.hear()
                for record in records:
                    self._take(member, record)
                if member in self._crew.members:
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
        self._crew.drop(member)
        if member.is_dismissed:
            self._reporting.ended(member)
        else:
            self._troubles[member.address] = reason
            self._reporting.lost(member, reason, self._sharing.take_back(member.number))

    def _let_go(self) -> None:
        """All tests are finished: the sites run once more what failed, and end. A late one is not waited for."""
        for member in self._crew.members:
            member.dismiss()
        while not self._crew.scheduler.is_lost and time.monotonic() < self._ends_at:
            if not any(member.is_ready for member in self._crew.members):
                break
            self._go_round()
