"""Events folded into facts: what a run did, as far as its events tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from kit.facts.failures import Failure, Frame
from kit.facts.shared_state import PollutedTest
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestWarning
from kit.facts.touched import Touched
from kit.suite.record.event_types import (
    TYPES,
    CollectedEvent,
    CoverageEvent,
    End,
    ExecutedEvent,
    FailedEndEvent,
    FailureEvent,
    FinishedEvent,
    Overlays,
    PollutedEvent,
    ProtectionEvent,
    Ready,
    Refused,
    SessionEvent,
    SharedState,
    StateSettledEvent,
    StateWatchEvent,
    WarningEvent,
)
from kit.suite.record.result_list import ResultList
from kit.suite.record.session_log import SessionLog
from kit.suite.record.test_list import TestList

Event = Mapping[str, Any]

_UNENDED = "The run did not finish."

E = TypeVar("E")

#: what makes two warnings the same
_WarningKey = tuple[str, str, str | None, int | None]


class Fold:
    """Folds the events of one attempt into :class:`SuiteFacts`. Its sessions keep each other's results."""

    def __init__(self) -> None:
        self._list = TestList()
        self._sessions = SessionLog()
        self._results = ResultList()
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._failures: dict[str, Failure] = {}
        self._frames: dict[Frame, Frame] = {}
        self._neutralised: list[str] = []
        self._warnings: dict[_WarningKey, TestWarning] = {}
        self._touched: list[Touched] = []
        self._not_alone: dict[str, str] = {}
        self._polluted: dict[str, PollutedTest] = {}
        #: of the kinds that tell one thing of the whole run: the newest event
        self._newest: dict[type[object], object] = {}
        self._announced: int | None = None
        self._problem: str | None = _UNENDED
        self._lost, self._first_lost = 0, ""
        self._handlers: dict[str, Callable[[Any], None]] = {
            "session": self._session,
            "neutralised": lambda event: self._neutralised.append(event.what),
            "collected": self._collected,
            "collection_error": lambda event: self._list.add_error(CollectionError(event.path, event.failure)),
            "ready": self._ready,
            "failure": self._failure,
            "finished": self._finished,
            "leaked": self._results.leave,
            "rechecked": self._results.recheck,
            "touched": lambda event: self._touched.append(Touched(event.path, event.how, event.tests)),
            "not_alone": lambda event: self._not_alone.update({event.path: event.error}),
            "polluted": self._note_polluted,
            "warning": self._warning,
            "end": self._end,
        }

    def add(self, event: Event) -> None:
        """Take one event. One of an unknown kind is ignored, one that has another shape than its kind is counted."""
        kind = event["kind"]
        if kind not in TYPES:
            return
        try:
            self._handlers.get(kind, self._note)(msgspec.convert(event, TYPES[kind]))
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
        return self._results.times_finished()

    @property
    def has_collected(self) -> bool:
        """Whether the last session has collected the whole suite."""
        return self._list.is_whole

    def facts(self, *, of_session: bool = False) -> SuiteFacts:
        """All facts so far; every collected test has a result. ``of_session``: only the tests that the last session
        has collected, in their order.
        """
        tests = self._list.of_session if of_session else self._list.tests
        ready, coverage = self._last(Ready) or Ready(), self._last(CoverageEvent) or CoverageEvent()
        refused, overlays, settled = self._last(Refused), self._last(Overlays), self._last(StateSettledEvent)
        shares, protection = self._last(SharedState), self._last(ProtectionEvent)
        watch, executed = self._last(StateWatchEvent), self._last(ExecutedEvent)
        failed_end = self._last(FailedEndEvent)
        return SuiteFacts(
            tests=tuple(tests),
            results=tuple(self._results.of(tests, self._problem)),
            collection_errors=tuple(self._list.errors),
            failures=dict(self._failures),
            neutralised=tuple(dict.fromkeys(self._neutralised)),
            loaded_modules=dict(ready.loaded_modules),
            rootdir=ready.rootdir,
            pytest_version=ready.pytest,
            isolation=ready.isolation,
            seconds=self._sessions.seconds,
            problem=self._problem or self._losses,
            warnings=tuple(self._warnings.values()),
            coverage=coverage.coverage,
            coverage_problem=coverage.problem,
            shares=shares.what if shares else None,
            start_refusal=refused.refusal if refused else None,
            failed_end=failed_end.end if failed_end else None,
            views=overlays.help if overlays else None,
            beginning=ready.beginning,
            protection=protection.what if protection else None,
            touched=tuple(self._touched),
            not_alone=dict(self._not_alone),
            polluted=tuple(self._polluted.values()),
            state_watch=watch.what if watch else None,
            sessions=self._sessions.sessions,
            settled_states=settled.answers if settled else (),
            execution=executed.execution if executed else None,
        )

    def _note(self, event: object) -> None:
        self._newest[type(event)] = event

    def _last(self, kind: type[E]) -> E | None:
        """The newest event of this type."""
        event = self._newest.get(kind)
        return event if isinstance(event, kind) else None

    def _session(self, event: SessionEvent) -> None:
        self._list.begin(is_whole=event.whole)
        self._sessions.begin(event)
        self._neutralised = []
        self._newest.pop(Refused, None)
        self._newest.pop(FailedEndEvent, None)
        self._problem, self._announced = _UNENDED, None

    def _collected(self, event: CollectedEvent) -> None:
        fixtures, markers = self._once(event.fixtures), self._once(event.markers)
        test = CollectedTest(event.nodeid, event.path, event.line, fixtures, markers, event.short_id)
        self._list.add(test)

    def _once(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The same object for all tests that have the same names: most do, and each event has texts of its own."""
        return self._names.setdefault(names, names)

    def _ready(self, event: Ready) -> None:
        self._list.complete()
        self._note(event)
        self._announced = event.tests

    def _failure(self, event: FailureEvent) -> None:
        failure = event.failure
        if failure.id not in self._failures:
            chain = tuple(replace(one, frames=tuple(map(self._frame, one.frames))) for one in failure.chain)
            self._failures[failure.id] = replace(failure, chain=chain)

    def _frame(self, frame: Frame) -> Frame:
        """The same object for all failures that pass through the same line."""
        return self._frames.setdefault(frame, frame)

    def _finished(self, event: FinishedEvent) -> None:
        self._sessions.finished()
        self._results.finish(event, self._list.place(event.nodeid))

    def _note_polluted(self, event: PollutedEvent) -> None:
        self._polluted[event.victim] = PollutedTest(event.victim, event.instead, event.polluters, event.states)

    def _warning(self, event: WarningEvent) -> None:
        warning = TestWarning(event.category, event.message, event.path, event.line, event.nodeid, event.count)
        key = (warning.category, warning.message, warning.path, warning.line)
        known = self._warnings.get(key)
        self._warnings[key] = replace(known, count=known.count + warning.count) if known else warning

    def _end(self, event: End) -> None:
        self._problem = event.problem
        self._sessions.end(event)
