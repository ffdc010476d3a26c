"""Events folded into facts: what a run did, as far as its events tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from sys import intern
from typing import Any, cast

import msgspec

from kit.facts.failures import Failure, Phase
from kit.facts.outcomes import BAD, Outcome
from kit.facts.shared_state import PollutedTest
from kit.facts.starting import StartRefusal
from kit.facts.suite import CollectedTest, CollectionError, Coverage, SuiteFacts, TestResult, TestWarning, Touched
from kit.suite.record.event_types import (
    TYPES,
    Collected,
    CoverageEvent,
    End,
    FailureEvent,
    Finished,
    Leaked,
    Overlays,
    PollutedEvent,
    ProtectionEvent,
    Ready,
    Rechecked,
    Refused,
    Session,
    SharedState,
    StateSettledEvent,
    StateWatchEvent,
    TouchedEvent,
    WarningEvent,
)
from kit.suite.record.session_log import SessionLog
from kit.suite.record.test_list import TestList

Event = Mapping[str, Any]

_UNENDED = "The run did not finish."

#: what makes two warnings the same
_WarningKey = tuple[str, str, str | None, int | None]


class Fold:
    """Folds the events of one attempt into :class:`SuiteFacts`. Its sessions keep each other's results."""

    def __init__(self) -> None:
        self._list = TestList()
        self._sessions = SessionLog()
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._results: dict[str, list[TestResult]] = {}
        self._failures: dict[str, Failure] = {}
        self._neutralised: list[str] = []
        self._refusal: StartRefusal | None = None
        self._warnings: dict[_WarningKey, TestWarning] = {}
        self._coverage: Coverage | None = None
        self._coverage_problem: str | None = None
        self._shares: str | None = None
        self._protection: str | None = None
        self._touched: list[Touched] = []
        self._not_alone: dict[str, str] = {}
        self._views: bool | None = None
        self._polluted: dict[str, PollutedTest] = {}
        self._state_watch: str | None = None
        self._settled: tuple[int, ...] = ()
        self._ready = Ready()
        self._announced: int | None = None
        self._problem: str | None = _UNENDED
        self._lost, self._first_lost = 0, ""
        self._handlers: dict[str, Callable[[Any], None]] = {
            "session": self._session,
            "neutralised": lambda event: self._neutralised.append(event.what),
            "refused": self._note_refused,
            "collected": self._collected,
            "collection_error": lambda event: self._list.add_error(CollectionError(event.path, event.failure)),
            "ready": self._note_ready,
            "failure": self._failure,
            "finished": self._finished,
            "leaked": self._leaked,
            "rechecked": self._rechecked,
            "shares": self._note_shares,
            "protection": self._note_protection,
            "touched": self._note_touched,
            "not_alone": lambda event: self._not_alone.update({event.path: event.error}),
            "views": self._note_views,
            "polluted": self._note_polluted,
            "state_settled": self._note_settled,
            "state_watch": self._note_state_watch,
            "warning": self._warning,
            "coverage": self._note_coverage,
            "end": self._end,
        }

    def add(self, event: Event) -> None:
        """Take one event. One of an unknown kind is ignored, one that has another shape than its kind is counted."""
        kind = event["kind"]
        if kind not in TYPES:
            return
        try:
            self._handlers[kind](msgspec.convert(event, TYPES[kind]))
        except msgspec.ValidationError as error:
            self._lose(f"{kind}: {error}")
        except LookupError:
            self._lose(f"{kind}: its test has no result")
        else:
            self._sessions.note(event.get("at"))

    def _lose(self, why: str) -> None:
        self._lost += 1
        self._first_lost = self._first_lost or why

    @property
    def _losses(self) -> str | None:
        """What is missing, in a sentence; ``None`` when nothing is."""
        if self._lost:
            events = "1 event" if self._lost == 1 else f"{self._lost:,} events"
            return f"{events} of the run could not be read ({self._first_lost}): results may be missing."
        announced, listed = self._announced, len(self._list.of_session)
        if announced is not None and announced != listed:
            return f"The run has collected {announced:,} tests, and its record lists {listed:,}."
        return None

    def finished(self) -> Counter[str]:
        """How often each node id has an outcome (more than once only when pytest collected it more than once)."""
        ran = (result.nodeid for results in self._results.values() for result in results if result.outcome != "not_run")
        return Counter(ran)

    @property
    def has_collected(self) -> bool:
        """Whether the last session has collected the whole suite."""
        return self._list.is_whole

    def facts(self, *, of_session: bool = False) -> SuiteFacts:
        """All facts so far; every collected test has a result. ``of_session``: only the tests that the last session
        has collected, in their order.
        """
        tests = self._list.of_session if of_session else self._list.tests
        return SuiteFacts(
            tests=tuple(tests),
            results=tuple(self._results_of(tests)),
            collection_errors=tuple(self._list.errors),
            failures=dict(self._failures),
            neutralised=tuple(dict.fromkeys(self._neutralised)),
            loaded_modules=dict(self._ready.loaded_modules),
            rootdir=self._ready.rootdir,
            pytest_version=self._ready.pytest,
            isolation=self._ready.isolation,
            seconds=self._sessions.seconds,
            problem=self._problem or self._losses,
            warnings=tuple(self._warnings.values()),
            coverage=self._coverage,
            coverage_problem=self._coverage_problem,
            shares=self._shares,
            start_refusal=self._refusal,
            views=self._views,
            beginning=self._ready.beginning,
            protection=self._protection,
            touched=tuple(self._touched),
            not_alone=dict(self._not_alone),
            polluted=tuple(self._polluted.values()),
            state_watch=self._state_watch,
            sessions=self._sessions.sessions,
            settled_states=self._settled,
        )

    def _results_of(self, tests: Iterable[CollectedTest]) -> Iterator[TestResult]:
        results = {nodeid: iter(results) for nodeid, results in self._results.items()}
        for test in tests:
            known = next(results.get(test.nodeid, iter(())), None)
            yield known or TestResult(test.nodeid, test.path, "not_run", reason=self._problem, line=test.line)

    def _session(self, event: Session) -> None:
        self._list.begin(is_whole=event.whole)
        self._sessions.begin(event)
        self._neutralised = []
        self._problem, self._announced, self._refusal = _UNENDED, None, None

    def _note_refused(self, event: Refused) -> None:
        self._refusal = event.refusal

    def _collected(self, event: Collected) -> None:
        fixtures, markers = self._once(event.fixtures), self._once(event.markers)
        test = CollectedTest(event.nodeid, event.path, event.line, fixtures, markers, event.short_id)
        self._list.add(test)

    def _once(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The same object for all tests that have the same names: most do, and each event has texts of its own."""
        return self._names.setdefault(names, names)

    def _note_ready(self, event: Ready) -> None:
        self._list.complete()
        self._ready, self._announced = event, event.tests

    def _failure(self, event: FailureEvent) -> None:
        self._failures.setdefault(event.failure.id, event.failure)

    def _finished(self, event: Finished) -> None:
        nodeid = event.nodeid
        test = self._list.place(nodeid)
        self._sessions.finished()
        result = TestResult(
            nodeid=nodeid,
            path=test.path if test else nodeid.partition("::")[0],
            outcome=cast("Outcome", intern(event.outcome)),
            phase=event.phase and cast("Phase", intern(event.phase)),
            seconds=event.seconds,
            failure=event.failure,
            reason=event.reason,
            line=test.line if test else None,
        )
        known = self._results.setdefault(nodeid, [])
        if known and known[-1].outcome == "not_run":
            known.pop()  # an earlier session could not run it
        known.append(result)

    def _leaked(self, event: Leaked) -> None:
        results = self._results[event.nodeid]
        results[-1] = replace(results[-1], leaked=event.processes)

    def _rechecked(self, event: Rechecked) -> None:
        results = self._results[event.nodeid]
        at = next((at for at, known in enumerate(results) if known.outcome in BAD and known.alone is None), -1)
        results[at] = replace(results[at], **event.changes())

    def _note_shares(self, event: SharedState) -> None:
        self._shares = event.what

    def _note_protection(self, event: ProtectionEvent) -> None:
        self._protection = event.what

    def _note_touched(self, event: TouchedEvent) -> None:
        self._touched.append(Touched(event.path, event.how, event.tests))

    def _note_views(self, event: Overlays) -> None:
        self._views = event.help

    def _note_polluted(self, event: PollutedEvent) -> None:
        self._polluted[event.victim] = PollutedTest(event.victim, event.instead, event.polluters, event.states)

    def _note_settled(self, event: StateSettledEvent) -> None:
        self._settled = event.answers

    def _note_state_watch(self, event: StateWatchEvent) -> None:
        self._state_watch = event.what

    def _warning(self, event: WarningEvent) -> None:
        warning = TestWarning(event.category, event.message, event.path, event.line, event.nodeid, event.count)
        key = (warning.category, warning.message, warning.path, warning.line)
        known = self._warnings.get(key)
        self._warnings[key] = replace(known, count=known.count + warning.count) if known else warning

    def _note_coverage(self, event: CoverageEvent) -> None:
        self._coverage, self._coverage_problem = event.coverage, event.problem

    def _end(self, event: End) -> None:
        self._problem = event.problem
        self._sessions.end(event)
