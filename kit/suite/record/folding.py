"""Events folded into facts: what a run did, as far as its events tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from sys import intern
from typing import Any, cast

import msgspec

from kit.facts.failures import Failure, Phase
from kit.facts.suite import (
    BAD,
    CollectedTest,
    CollectionError,
    Coverage,
    Outcome,
    SuiteFacts,
    TestResult,
    TestWarning,
)

Event = Mapping[str, Any]

_UNENDED = "The run did not come to its end."

#: what a second run of a test may change of its result
_RECHECKED = ("alone", "outcome", "failure", "reason", "phase", "seconds")

#: what makes two warnings the same
_WarningKey = tuple[str, str, str | None, int | None]


class Fold:
    """Folds events into :class:`SuiteFacts`. A later session of the same file collects anew and keeps the results."""

    def __init__(self) -> None:
        self._tests: list[CollectedTest] = []
        self._places: dict[str, CollectedTest] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._results: dict[str, list[TestResult]] = {}
        self._errors: list[CollectionError] = []
        self._failures: dict[str, Failure] = {}
        self._neutralised: list[str] = []
        self._warnings: dict[_WarningKey, TestWarning] = {}
        self._coverage: Coverage | None = None
        self._coverage_problem: str | None = None
        self._shares: str | None = None
        self._views: bool | None = None
        self._ready: Event = {}
        self._seconds = 0.0
        self._session_seconds: float | None = None
        self._problem: str | None = _UNENDED
        self._handlers = {
            "session": self._session,
            "neutralised": lambda event: self._neutralised.append(event["what"]),
            "collected": self._collected,
            "collection_error": self._collection_error,
            "ready": self._note_ready,
            "failure": self._failure,
            "finished": self._finished,
            "leaked": self._leaked,
            "rechecked": self._rechecked,
            "shares": self._note_shares,
            "views": self._note_views,
            "warning": self._warning,
            "coverage": self._note_coverage,
            "end": self._end,
        }

    def add(self, event: Event) -> None:
        """Take one event; one of an unknown kind, or without what its kind needs, is left out."""
        handler = self._handlers.get(event["kind"])
        if handler is None:
            return
        try:
            handler(event)
        except (KeyError, TypeError, msgspec.ValidationError):
            return
        self._session_seconds = event.get("at", self._session_seconds)

    def finished(self) -> Counter[str]:
        """How often each node id has an outcome (more than once only when pytest collected it more than once)."""
        ran = (result.nodeid for results in self._results.values() for result in results if result.outcome != "not_run")
        return Counter(ran)

    def facts(self) -> SuiteFacts:
        """All facts so far; every collected test has a result."""
        seconds = self._seconds + (self._session_seconds or 0.0)
        return SuiteFacts(
            tests=tuple(self._tests),
            results=tuple(self._all_results()),
            collection_errors=tuple(self._errors),
            failures=dict(self._failures),
            neutralised=tuple(dict.fromkeys(self._neutralised)),
            loaded_modules=dict(self._ready.get("loaded_modules", {})),
            rootdir=self._ready.get("rootdir", "."),
            pytest_version=self._ready.get("pytest"),
            isolation=self._ready.get("isolation"),
            seconds=round(seconds, 3) if self._session_seconds is not None else None,
            problem=self._problem,
            warnings=tuple(self._warnings.values()),
            coverage=self._coverage,
            coverage_problem=self._coverage_problem,
            shares=self._shares,
            views=self._views,
            beginning=self._ready.get("beginning"),
        )

    def _all_results(self) -> Iterator[TestResult]:
        results = {nodeid: iter(results) for nodeid, results in self._results.items()}
        for test in self._tests:
            known = next(results.get(test.nodeid, iter(())), None)
            yield known or TestResult(test.nodeid, test.path, "not_run", reason=self._problem, line=test.line)

    def _session(self, _event: Event) -> None:
        self._seconds += self._session_seconds or 0.0
        self._tests, self._errors, self._neutralised, self._places = [], [], [], {}
        self._problem = _UNENDED

    def _collected(self, event: Event) -> None:
        fixtures, markers = self._once(event.get("fixtures", ())), self._once(event.get("markers", ()))
        test = CollectedTest(event["nodeid"], event["path"], event.get("line"), fixtures, markers)
        self._tests.append(test)
        self._places[test.nodeid] = test

    def _once(self, names: Iterable[str]) -> tuple[str, ...]:
        """The same object for all tests that have the same names: most do, and each event has texts of its own."""
        known = tuple(names)
        return self._names.setdefault(known, known)

    def _collection_error(self, event: Event) -> None:
        self._errors.append(CollectionError(event["path"], msgspec.convert(event["failure"], Failure)))

    def _note_ready(self, event: Event) -> None:
        self._ready = event

    def _failure(self, event: Event) -> None:
        failure = msgspec.convert(event["failure"], Failure)
        self._failures.setdefault(failure.id, failure)

    def _finished(self, event: Event) -> None:
        nodeid = event["nodeid"]
        test, phase = self._places.get(nodeid), event.get("phase")
        result = TestResult(
            nodeid=nodeid,
            path=test.path if test else nodeid.partition("::")[0],
            outcome=cast("Outcome", intern(event["outcome"])),
            phase=phase and cast("Phase", intern(phase)),
            seconds=event.get("seconds"),
            failure=event.get("failure"),
            reason=event.get("reason"),
            line=test.line if test else None,
        )
        known = self._results.setdefault(nodeid, [])
        if known and known[-1].outcome == "not_run":
            known.pop()  # an earlier session could not run it
        known.append(result)

    def _leaked(self, event: Event) -> None:
        results = self._results[event["nodeid"]]
        results[-1] = replace(results[-1], leaked=tuple(event["processes"]))

    def _rechecked(self, event: Event) -> None:
        results = self._results[event["nodeid"]]
        at = next((at for at, known in enumerate(results) if known.outcome in BAD and known.alone is None), -1)
        changes = {name: event[name] for name in _RECHECKED if name in event}
        results[at] = replace(results[at], **changes)

    def _note_shares(self, event: Event) -> None:
        self._shares = event["what"]

    def _note_views(self, event: Event) -> None:
        self._views = bool(event["help"])

    def _warning(self, event: Event) -> None:
        warning = msgspec.convert({**event, "count": event.get("count", 1)}, TestWarning)
        key = (warning.category, warning.message, warning.path, warning.line)
        known = self._warnings.get(key)
        self._warnings[key] = replace(known, count=known.count + warning.count) if known else warning

    def _note_coverage(self, event: Event) -> None:
        coverage = event.get("coverage")
        self._coverage = None if coverage is None else msgspec.convert(coverage, Coverage)
        self._coverage_problem = event.get("problem")

    def _end(self, event: Event) -> None:
        self._problem = event.get("problem")
