"""The sites of one run: one for each worker of the cluster, also for workers that join during the run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from kit.suite.cluster.scheduler import Scheduler
from kit.suite.cluster.site_connection import SiteConnection
from kit.suite.cluster.site_spec import SiteSpec, import_paths_in, shipped_environment
from kit.suite.options import EarlierRuns
from kit.suite.plan.run_spec import RunSpec

#: how long it may take until sites have received the command to end at once, in seconds
_STOP_LIMIT = 2.0
_REST = 0.01


class SitePool:
    """Starts sites, and ends those that are left. ``sites`` are those that run."""

    def __init__(self, scheduler: Scheduler, spec: RunSpec) -> None:
        self.scheduler = scheduler
        self.sites: list[SiteConnection] = []
        self._spec = spec
        self._started: set[str] = set()  # workers that have, or had, a site
        self._slots = 0
        self._run = uuid4().hex

    def spawn(self, workers: Mapping[str, int]) -> None:
        """Start a site on each worker that has never had one. ``workers`` maps addresses to numbers of threads."""
        for address, threads in workers.items():
            if address not in self._started:
                remote = self.scheduler.start(address, self._part(threads))
                self.sites.append(SiteConnection(len(self._started), address, self._slots, threads, remote))
                self._started.add(address)
                self._slots += threads

    def drop(self, site: SiteConnection) -> None:
        """Forget a site that has ended or is lost."""
        self.sites.remove(site)
        site.forget()

    def stop(self) -> None:
        """End the sites that are left, at once."""
        deadline = time.monotonic() + _STOP_LIMIT
        while any(site.is_starting for site in self.sites) and time.monotonic() < deadline:
            time.sleep(_REST)
        calls = [call for site in self.sites if (call := site.stop())]
        while not all(call.is_done for call in calls) and time.monotonic() < deadline:
            time.sleep(_REST)
        for site in tuple(self.sites):
            self.drop(site)

    def _part(self, threads: int) -> SiteSpec:
        spec = self._spec
        return SiteSpec(
            target=spec.target,
            options=replace(spec.options, workers=threads, cluster=None, run_timeout_s=None, earlier=EarlierRuns()),
            nodeids=spec.nodeids,
            first=self._slots,
            workers=spec.options.workers,
            run=self._run,
            environment=shipped_environment(),
            import_paths=import_paths_in(spec.target.path),
        )
