"""The record of a run: one JSON object a line, appended as things happen, and its folding into facts.

The first line of a file is ``{"kind": "header", "format": "kit-events", "version": 1}``. Every event has a ``kind`` and
``at``, the seconds since its session began. Readers leave out kinds and keys they do not know, and a torn last line.
Paths are relative to the target's root; all text is masked before it is written.

=================  ====================================================================================================
kind               what it says
=================  ====================================================================================================
session            a run begins, or goes on in the same file: ``started`` (UTC), ``workers``, ``timeout_s``
neutralised        ``what``: a setting of the target's that was switched off, in a sentence
collecting         every 0.3 s: ``files`` and ``tests`` found so far
collected          one test: ``nodeid``, ``path``, ``line``, ``fixtures``
collection_error   ``path``, ``failure`` (a :class:`~kit.facts.failures.Failure`)
ready              collection is over: ``tests`` (how many), ``isolation``, ``rootdir``, ``pytest``, ``loaded_modules``
child              a process that runs tests: ``worker``, ``state`` (``started``, ``done``, ``lost``), ``reason``
running            every 0.5 s: ``tests``, a list of ``worker``, ``nodeid``, ``phase``, ``seconds``
slow               ``nodeid`` has used up half of its limit: ``seconds``, ``phase``
failure            a distinct one, before the first test that points to it: ``failure``
finished           one test, once: ``nodeid``, ``outcome``, ``phase``, ``seconds``, ``failure`` (its id), ``reason``
end                the run is over: ``seconds``, ``problem``, ``interrupted``, ``accounting``
=================  ====================================================================================================
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.errors import UsageError
from kit.facts.failures import Failure
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult

VERSION = 1
HEADER = {"kind": "header", "format": "kit-events", "version": VERSION}

Event = Mapping[str, Any]

_UNENDED = "The run did not come to its end."


class EventWriter:
    """Appends events to a file; each is whole and on its way to the disk when :meth:`write` returns."""

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        """Open ``path`` for appending (``anew``: empty it first) and begin it with the header.

        Raises :class:`UsageError` when it cannot be written.
        """
        flags = os.O_CREAT | os.O_RDWR | os.O_APPEND | (os.O_TRUNC if anew else 0)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}; choose another reports folder.") from error
        size = os.fstat(self._descriptor).st_size
        if size == 0:
            self.write(HEADER)
        elif os.pread(self._descriptor, 1, size - 1) != b"\n":
            os.write(self._descriptor, b"\n")  # its last line was torn when kit was killed

    def write(self, event: Event) -> None:
        """Append one event. Raises ``OSError`` when the disk is full."""
        data = msgspec.json.encode(event) + b"\n"
        while data:
            data = data[os.write(self._descriptor, data) :]

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def iterate_events(path: Path) -> Iterator[dict[str, Any]]:
    """The events of a file, in order. A file that does not exist has none."""
    try:
        with path.open("rb") as file:
            for line in file:
                event = parse_line(line)
                if event is not None:
                    yield event
    except FileNotFoundError:
        return


def parse_line(line: bytes) -> dict[str, Any] | None:
    """The event of a line; ``None`` when it is torn, or nothing of ours."""
    if not line.endswith(b"\n"):
        return None
    try:
        event = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("kind"), str) else None


def read_events(path: Path) -> SuiteFacts:
    """The facts that a file of events holds, also when the run was killed in the middle of it."""
    fold = Fold()
    for event in iterate_events(path):
        fold.add(event)
    return fold.facts()


class Fold:
    """Folds events into :class:`SuiteFacts`. A later session of the same file collects anew and keeps the results."""

    def __init__(self) -> None:
        self._tests: list[CollectedTest] = []
        self._places: dict[str, CollectedTest] = {}
        self._results: dict[str, list[TestResult]] = {}
        self._errors: list[CollectionError] = []
        self._failures: dict[str, Failure] = {}
        self._neutralised: list[str] = []
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
        test = CollectedTest(event["nodeid"], event["path"], event.get("line"), tuple(event.get("fixtures", ())))
        self._tests.append(test)
        self._places[test.nodeid] = test

    def _collection_error(self, event: Event) -> None:
        self._errors.append(CollectionError(event["path"], msgspec.convert(event["failure"], Failure)))

    def _note_ready(self, event: Event) -> None:
        self._ready = event

    def _failure(self, event: Event) -> None:
        failure = msgspec.convert(event["failure"], Failure)
        self._failures.setdefault(failure.id, failure)

    def _finished(self, event: Event) -> None:
        nodeid = event["nodeid"]
        test = self._places.get(nodeid)
        result = TestResult(
            nodeid=nodeid,
            path=test.path if test else nodeid.partition("::")[0],
            outcome=event["outcome"],
            phase=event.get("phase"),
            seconds=event.get("seconds"),
            failure=event.get("failure"),
            reason=event.get("reason"),
            line=test.line if test else None,
        )
        known = self._results.setdefault(nodeid, [])
        if known and known[-1].outcome == "not_run":
            known.pop()  # an earlier session could not run it
        known.append(result)

    def _end(self, event: Event) -> None:
        self._problem = event.get("problem")
