"""From what files say to the facts of a suite: one outcome a test, failures as facts, no secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kit.facts.failures import Failure, Phase
from kit.facts.suite import CollectedTest, CollectionError, Outcome, SuiteFacts, TestResult
from kit.facts.target import Target
from kit.suite.collect.collected import mask_all
from kit.suite.ingest.names import Names, Place
from kit.suite.ingest.reading import ResultsFile
from kit.suite.ingest.recorded import Seen
from kit.suite.ingest.tracebacks import Told, read_traceback
from kit.suite.process.outcomes import exit_reason, timeout_reason
from kit.suite.record.failures import FailureReader
from kit.target import mask

#: a failed call weighs most, then an error, as in pytest's own summary; of the others the first one counts
_WEIGHT: dict[Outcome, int] = {"not_run": 0, "failed": 3, "error": 2}
_LONGEST_TAIL = 2_000

_TIMEOUT = re.compile(r"^Timeout [(>]+(?P<seconds>[\d.]+) ?s")  # pytest-timeout's words
_LOST_WORKER = re.compile(r"^worker '[^']*' crashed while running ")  # pytest-xdist's
_UNTOLD = "The results do not say how it ended."
_NO_TESTS = "There is no test in the results."


@dataclass
class _Attempt:
    """The last attempt at one test: what was seen in its phases."""

    place: Place
    source: int
    seen: list[Seen] = field(default_factory=list)


class Assembly:
    """The files of one run, taken one after another."""

    def __init__(self, target: Target) -> None:
        self._names = Names(target)
        self._reader = FailureReader(target, target.path)
        self._attempts: dict[str, _Attempt] = {}
        self._errors: dict[str, CollectionError] = {}
        self._failures: dict[str, Failure] = {}
        self._files: list[ResultsFile] = []
        self._twice: set[str] = set()
        self._rootdir = target.config.rootdir

    def add(self, file: ResultsFile) -> None:
        """Take a file; what it says of a test counts instead of what earlier files said."""
        self._files.append(file)
        at = len(self._files)
        for seen in file.recorded.tests:
            place = self._names.place(seen.name)
            self._errors.pop(place.path, None)  # an earlier run could not collect its file
            known = self._attempts.get(place.nodeid)
            if known and known.source != at:
                self._twice.add(place.nodeid)
            if known is None or known.source != at:
                known = self._attempts[place.nodeid] = _Attempt(place, at)
            elif seen.begins:
                known.seen.clear()
            known.seen.append(seen)
        for one in file.recorded.uncollectable:
            place = self._names.place(one.name)
            told = self._rehomed(read_traceback(one.text))
            failure = self._reader.failure({"chain": told.chain}, "collect")
            self._errors[place.path] = CollectionError(mask(place.path), failure)

    def facts(self) -> SuiteFacts:
        """All that the files say."""
        attempts = list(self._attempts.values())
        nodeids = mask_all([attempt.place.nodeid for attempt in attempts])
        paths = mask_all([attempt.place.path for attempt in attempts])
        results = [
            self._result(attempt, nodeid, path) for attempt, nodeid, path in zip(attempts, nodeids, paths, strict=True)
        ]
        recorded = [file.recorded for file in self._files]
        times = [one.seconds for one in recorded if one.seconds is not None]
        problems = dict.fromkeys(one.problem for one in recorded if one.problem)
        if not results and not self._errors:
            problems[_NO_TESTS] = None
        return SuiteFacts(
            tests=tuple(CollectedTest(result.nodeid, result.path, result.line) for result in results),
            results=tuple(results),
            collection_errors=tuple(self._errors.values()),
            failures=dict(self._failures),
            rootdir=self._rootdir,
            pytest_version=next((one.pytest_version for one in recorded if one.pytest_version), None),
            isolation=self._origin(),
            seconds=round(sum(times), 3) if times else None,
            problem=" ".join(problems) or None,
        )

    def _result(self, attempt: _Attempt, nodeid: str, path: str) -> TestResult:
        seen = _weightiest(attempt.seen)
        times = [one.seconds for one in attempt.seen if one.seconds is not None]
        line = next((one.line for one in attempt.seen if one.line), None)
        outcome, phase, reason, failure = seen.outcome, seen.phase, seen.reason, None
        if outcome in ("failed", "error"):
            failure = self._failure(seen)
            outcome, reason = _stopped(failure, phase) or (outcome, reason)
            self._failures.setdefault(failure.id, failure)
        elif outcome == "not_run":
            reason = reason or _UNTOLD
        return TestResult(
            nodeid=nodeid,
            path=path,
            outcome=outcome,
            phase=None if outcome == "not_run" else phase,
            seconds=round(sum(times), 6) if times else None,
            failure=failure.id if failure else None,
            reason=self._reader.text(reason) or None,
            line=line,
        )

    def _failure(self, seen: Seen) -> Failure:
        told = self._rehomed(read_traceback(seen.text, seen.message, seen.type))
        fixture = told.fixture if seen.phase != "call" else None
        record = {"chain": told.chain, "fixture": fixture, "tail": seen.tail[-_LONGEST_TAIL:]}
        return self._reader.failure(record, seen.phase)

    def _rehomed(self, told: Told) -> Told:
        """With the paths of the target's own files as they are here, wherever the results were made."""
        for link in told.chain:
            link["frames"] = [
                [self._names.find(path) or path, line, function] for path, line, function in link["frames"]
            ]
        return told

    def _origin(self) -> str:
        """Where the results came from, and what was made of them, in sentences."""
        files = ", ".join(f"{mask(file.name)} ({file.format}, {_counted(file)})" for file in self._files)
        sentences = [f"Nothing was run: the results were made by others and come from {files}."]
        if self._twice:
            verb = "stands" if len(self._twice) == 1 else "stand"
            sentences.append(f"{_tests(len(self._twice))} {verb} in more than one of them: the later file counts.")
        lost = sum(not attempt.place.in_tree for attempt in self._attempts.values())
        if lost:
            sentences.append(f"{_tests(lost)} could not be found in the target's tree: is it the same revision?")
        return " ".join(sentences)


def _weightiest(seen: Sequence[Seen]) -> Seen:
    return max(seen, key=lambda one: _WEIGHT.get(one.outcome, 1))  # the first of equals


def _stopped(failure: Failure, phase: Phase) -> tuple[Outcome, str] | None:
    """The outcome of a test that did not come back, where a plugin has made an ordinary failure of it."""
    message = failure.raised.message
    if timeout := _TIMEOUT.match(message):
        return "timed_out", timeout_reason(float(timeout["seconds"].strip(".") or 0), phase)
    return ("crashed", exit_reason(None)) if _LOST_WORKER.match(message) else None


def _counted(file: ResultsFile) -> str:
    return _tests(len({seen.name for seen in file.recorded.tests}))


def _tests(number: int) -> str:
    return f"{number:,} {'test' if number == 1 else 'tests'}"


def assemble(files: Iterable[ResultsFile], target: Target) -> SuiteFacts:
    """The facts that the files of one run hold together."""
    assembly = Assembly(target)
    for file in files:
        assembly.add(file)
    return assembly.facts()
