"""The sites of one run: a site for each worker of the cluster, also for those that come while it runs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from kit.suite.cluster.member import Member
from kit.suite.cluster.order import SiteOrder, import_paths_in, shipped_environment
from kit.suite.cluster.scheduler import Scheduler
from kit.suite.plan.order import Order

#: how long sites that are told to end at once may take to have heard it, in seconds
_STOP_LIMIT = 2.0
_REST = 0.01


class Crew:
    """Starts sites, and ends whatever is left of them. ``members`` are those that are there."""

    def __init__(self, scheduler: Scheduler, order: Order) -> None:
        self.scheduler = scheduler
        self.members: list[Member] = []
        self._order = order
        self._hired: set[str] = set()  # workers that have, or had, a site
        self._slots = 0
        self._run = uuid4().hex

    def hire(self, workers: Mapping[str, int]) -> None:
        """Start a site in each worker, given the number of its threads, that never had one."""
        for address, threads in workers.items():
            if address not in self._hired:
                remote = self.scheduler.start(address, self._part(threads))
                self.members.append(Member(len(self._hired), address, self._slots, threads, remote))
                self._hired.add(address)
                self._slots += threads

    def drop(self, member: Member) -> None:
        """A site has ended, or is lost."""
        self.members.remove(member)
        member.forget()

    def stop(self) -> None:
        """End those that are left, at once."""
        deadline = time.monotonic() + _STOP_LIMIT
        while any(member.is_starting for member in self.members) and time.monotonic() < deadline:
            time.sleep(_REST)
        calls = [call for member in self.members if (call := member.stop())]
        while not all(call.is_done for call in calls) and time.monotonic() < deadline:
            time.sleep(_REST)
        for member in tuple(self.members):
            self.drop(member)

    def _part(self, threads: int) -> SiteOrder:
        order = self._order
        return SiteOrder(
            target=order.target,
            options=replace(
                order.options, workers=threads, cluster=None, run_timeout_s=None, durations={}, beginning=None
            ),
            nodeids=order.nodeids,
            first=self._slots,
            workers=order.options.workers,
            run=self._run,
            environment=shipped_environment(),
            import_paths=import_paths_in(order.target.path),
        )
