"""Runs a suite on a cluster: kit collects it, gives batches to the sites on the workers, and records their results."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace

from kit.facts.errors import TargetError
from kit.suite.cluster.parcel import pack
from kit.suite.cluster.scheduler import WORKER_LIMIT, WorkerLostError, connected
from kit.suite.cluster.site_commands import SiteBatch, Suite
from kit.suite.cluster.site_connection import Record, SiteConnection
from kit.suite.cluster.site_events import SiteEvents
from kit.suite.cluster.site_ledger import SiteLedger
from kit.suite.cluster.site_pool import SitePool
from kit.suite.collect.collected import Collected
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.workspace import Workspace
from kit.suite.record.recorder import Recorder
from kit.suite.run.preparing import prepared

#: how long kit pauses when no site has sent anything, in seconds
_PAUSE = 0.005

#: how often kit asks the scheduler for its workers, in seconds
_CHECK_EVERY = 1.0

#: how many batches a site holds for each of its workers: one runs, the others wait there so that no worker has to
_BATCHES_EACH = 3


def run_on_cluster(spec: RunSpec, recorder: Recorder, workspace: Workspace) -> str | None:
    """Run the suite on the cluster of the options; return the problem that ended the run early, if there was one.

    kit collects the suite here, so that the tests, their names and the accounting are the same as in a local run.
    Meanwhile each worker of the cluster gets a copy of the tree and collects the suite for itself. Raises
    :class:`~kit.facts.errors.TargetError` when the cluster cannot be used at all.
    """
    ends_at = time.monotonic() + (spec.options.run_timeout_s or math.inf)
    with connected(spec.options.cluster or "") as scheduler:
        workers = scheduler.first_workers()
        scheduler.ship(pack(workspace.root))
        spec = replace(spec, options=replace(spec.options, workers=sum(workers.values()), extra_workers=0))
        pool = SitePool(scheduler, spec)
        try:
            pool.spawn(workers)
            return prepared(
                spec,
                recorder,
                workspace,
                lambda suite: ClusterRun(pool, spec, recorder, suite.collected, ends_at).run(),
            )
        finally:
            pool.stop()


class ClusterRun:
    """Controls the sites of one run, which has to be over at ``ends_at``, a moment of the monotonic clock."""

    def __init__(self, pool: SitePool, spec: RunSpec, recorder: Recorder, collected: Collected, ends_at: float) -> None:
        self._pool, self._spec, self._collected = pool, spec, collected
        self._ledger = SiteLedger(collected.ledger.rest())
        self._events = SiteEvents(recorder, collected.names, self._ledger)
        self._ends_at = ends_at
        self._checked = -math.inf
        self._may_come_until = -math.inf  # after the loss of a worker its nanny may start another one
        self._troubles: dict[str, str] = {}

    def run(self) -> str | None:
        """Run until every test is finished; return the problem that ended the run early, if there was one."""
        while not self._ledger.is_done:
            problem = self._check()
            if problem:
                return problem
            self._serve_sites()
        self._finish_sites()
        return None

    def _check(self) -> str | None:
        """Check the time, the scheduler and its workers; return the problem that ends the run, if there is one."""
        now, scheduler = time.monotonic(), self._pool.scheduler
        if now > self._ends_at:
            return f"The run was ended after {self._spec.options.run_timeout_s:g} s, the limit for the whole run."
        try:
            if scheduler.is_lost:
                raise OSError
            if now - self._checked > _CHECK_EVERY:
                self._checked = now
                self._update_workers(scheduler.workers())
        except (OSError, TimeoutError):
            return f"The scheduler at {scheduler.address} was lost; what ran until then is kept, and --resume goes on."
        if self._pool.sites or now < self._may_come_until:
            return None
        why = "; ".join(f"{address}: {trouble}" for address, trouble in self._troubles.items())
        return f"No worker of the cluster at {scheduler.address} can run the tests ({why})."

    def _update_workers(self, workers: Mapping[str, int]) -> None:
        """Start sites on new workers, and give up those of lost workers."""
        for site in tuple(self._pool.sites):
            if site.address not in workers:
                self._lose_worker(site)
        self._pool.spawn(workers)

    def _serve_sites(self) -> None:
        """Read from every site once and give it batches; pause if none has sent anything."""
        has_received = False
        for site in tuple(self._pool.sites):
            try:
                records = site.receive()
                for record in records:
                    self._take(site, record)
                if site in self._pool.sites:
                    self._feed(site)
                    site.exchange()
            except TargetError as error:
                self._lose(site, str(error))
            except WorkerLostError:
                self._lose_worker(site)
            else:
                has_received |= bool(records)
        if not has_received:
            time.sleep(_PAUSE)

    def _take(self, site: SiteConnection, record: Record) -> None:
        if record["kind"] == "ready":
            site.is_ready = True
            site.send(Suite(self._collected.nodeids, self._collected.names))
        elif record["kind"] == "over":
            site.problem = record["problem"]
        elif record["kind"] == "gone":
            self._lose(site, site.problem or record["reason"] or "it has ended")
        else:
            self._events.take(site, record)

    def _feed(self, site: SiteConnection) -> None:
        most = _BATCHES_EACH * site.slots
        while site.is_ready and (batch := self._ledger.hand_out(site.number, most)):
            site.send(SiteBatch(batch))

    def _lose_worker(self, site: SiteConnection) -> None:
        self._may_come_until = time.monotonic() + WORKER_LIMIT
        self._lose(site, "its worker was lost")

    def _lose(self, site: SiteConnection, reason: str) -> None:
        """A site has ended. If kit has not finished it, other sites take its unfinished tests."""
        self._pool.drop(site)
        if site.is_finishing:
            self._events.ended(site)
        else:
            self._troubles[site.address] = reason
            self._events.lost(site, reason, self._ledger.take_back(site.number))

    def _finish_sites(self) -> None:
        """All tests are finished: let the sites recheck their failures and end. kit does not wait for a late site."""
        for site in self._pool.sites:
            site.finish()
        while not self._pool.scheduler.is_lost and time.monotonic() < self._ends_at:
            if not any(site.is_ready for site in self._pool.sites):
                break
            self._serve_sites()
