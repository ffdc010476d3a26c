"""Makes the events of the whole run of the events of its sites."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kit.suite.cluster.site_connection import Record, SiteConnection
from kit.suite.cluster.site_ledger import SiteLedger
from kit.suite.record.recorder import Recorder

#: how often the running tests are recorded, in seconds
_RUNNING_EVERY = 0.5

_TWICE = "its worker was lost while it ran, twice"


class SiteEvents:
    """Records the events of sites. ``names`` are the node ids; ``ledger`` allows each test one outcome."""

    def __init__(self, recorder: Recorder, names: Sequence[str], ledger: SiteLedger) -> None:
        self._recorder, self._names, self._ledger = recorder, names, ledger
        self._indexes: dict[str, list[int]] = defaultdict(list)
        for index, name in enumerate(names):
            self._indexes[name].append(index)
        self._failures: set[str] = set()
        self._running: dict[int, list[Record]] = {}
        self._recorded = 0.0

    def take(self, site: SiteConnection, event: Record) -> None:
        """Record an event of a site."""
        details = {name: value for name, value in event.items() if name not in ("kind", "at")}
        kind = event["kind"]
        if kind == "running":
            self._running[site.number] = [_numbered(site, test) for test in details["tests"]]
            self._record_running()
        elif kind == "finished":
            if self._ledger.finish(site.number, self._indexes[event["nodeid"]]) is not None:
                self._recorder.say(kind, **_numbered(site, details))
        elif kind == "child":
            self._recorder.say(kind, **_numbered(site, details), on=site.address)
        elif kind == "failure":
            if event["failure"]["id"] not in self._failures:
                self._failures.add(event["failure"]["id"])
                self._recorder.say(kind, **details)
        else:
            self._recorder.say(kind, **details)

    def lost(self, site: SiteConnection, reason: str, culprits: Iterable[int]) -> None:
        """Record that a site is lost. The tests ``culprits`` have now lost two sites: they have crashed."""
        self._running.pop(site.number, None)
        for slot in range(site.slots):
            self._recorder.say("child", worker=site.first + slot + 1, state="lost", reason=reason, on=site.address)
        for index in culprits:
            self._recorder.say(
                "finished",
                nodeid=self._names[index],
                outcome="crashed",
                phase=None,
                seconds=None,
                failure=None,
                reason=f"crashed: {_TWICE}",
            )

    def ended(self, site: SiteConnection) -> None:
        """Forget a site that has done its part."""
        self._running.pop(site.number, None)

    def _record_running(self) -> None:
        now = time.monotonic()
        if now - self._recorded >= _RUNNING_EVERY:
            self._recorded = now
            self._recorder.say("running", tests=[test for _, tests in sorted(self._running.items()) for test in tests])


def _numbered(site: SiteConnection, details: Record) -> Record:
    """The details with the number that the worker has in the whole run."""
    return {**details, "worker": site.first + details["worker"]} if "worker" in details else details
