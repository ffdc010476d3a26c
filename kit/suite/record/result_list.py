"""What became of the tests of one attempt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from sys import intern
from typing import cast

from kit.facts.failures import Phase
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import CollectedTest, TestResult
from kit.suite.record.event_types import FinishedEvent, Leaked, Rechecked


class ResultList:
    """The results by node id: more than one for a test that pytest has collected more than once.

    What names a test without a result raises ``LookupError``.
    """

    def __init__(self) -> None:
        self._results: dict[str, list[TestResult]] = {}

    def finish(self, event: FinishedEvent, test: CollectedTest | None) -> None:
        """A test is over; ``test`` is what is known of it from collection."""
        result = TestResult(
            nodeid=event.nodeid,
            path=test.path if test else event.nodeid.partition("::")[0],
            outcome=cast("Outcome", intern(event.outcome)),
            phase=event.phase and cast("Phase", intern(event.phase)),
            seconds=event.seconds,
            failure=event.failure,
            reason=event.reason,
            line=test.line if test else None,
        )
        known = self._results.setdefault(event.nodeid, [])
        if known and known[-1].outcome == "not_run":
            known.pop()  # an earlier session could not run it
        known.append(result)

    def leave(self, event: Leaked) -> None:
        """The newest result of a test: it has left processes behind."""
        results = self._results[event.nodeid]
        results[-1] = replace(results[-1], leaked=event.processes)

    def recheck(self, event: Rechecked) -> None:
        """The first bad result of a test that was not run once more yet: what that has shown."""
        results = self._results[event.nodeid]
        at = next((at for at, known in enumerate(results) if known.outcome in BAD and known.alone is None), -1)
        results[at] = replace(results[at], **event.changes())

    def times_finished(self) -> Counter[str]:
        """How often each node id has an outcome."""
        every = (result for results in self._results.values() for result in results)
        return Counter(result.nodeid for result in every if result.outcome != "not_run")

    def of(self, tests: Iterable[CollectedTest], otherwise: str | None) -> Iterator[TestResult]:
        """The result of each test; ``otherwise`` is the reason why the others were not run."""
        results = {nodeid: iter(results) for nodeid, results in self._results.items()}
        for test in tests:
            known = next(results.get(test.nodeid, iter(())), None)
            yield known or TestResult(test.nodeid, test.path, "not_run", reason=otherwise, line=test.line)
