"""Merges what files say into the facts of a suite: one outcome for each test, failures as facts, no secrets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kit.facts.failures import Failure, Phase
from kit.facts.outcomes import Outcome
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult, TestWarning
from kit.facts.target import Target
from kit.facts.wording import counted
from kit.masking import mask, mask_all
from kit.suite.ingest.classes import TestClasses
from kit.suite.ingest.names import IngestedLocation, NameResolver
from kit.suite.ingest.reading import ResultsFile
from kit.suite.ingest.recorded import RecordedOutcome
from kit.suite.ingest.tracebacks import ParsedTraceback, read_traceback
from kit.suite.process.outcomes import exit_reason, timeout_reason
from kit.suite.record.failures import FailureReader
from kit.suite.record.test_names import names_of

#: a failed call weighs most, then an error, as in pytest's own summary; among the others the first one counts
_WEIGHT: dict[Outcome, int] = {"not_run": 0, "failed": 3, "error": 2}

_TIMEOUT = re.compile(r"^Timeout [(>]+(?P<seconds>[\d.]+) ?s")  # the words of pytest-timeout
_LOST_WORKER = re.compile(r"^worker '[^']*' crashed while running ")  # the words of pytest-xdist
#: what pytest 9 reports of a test whose subtests failed: theirs are the failures to show
_SUBTESTS_FAILED = re.compile(r"^contains \d+ failed subtests?$")
_UNTOLD = "The results do not say how it ended."
_NO_TESTS = "The results name no test."


@dataclass
class _Attempt:
    """The attempt at one test that counts, with the records of its phases."""

    place: IngestedLocation
    run: int
    seen: list[RecordedOutcome] = field(default_factory=list)


class Assembly:
    """Takes files one after another; of several runs the later one counts."""

    def __init__(self, target: Target) -> None:
        self._names = NameResolver(target)
        self._classes = TestClasses(target.path, self._names.find)
        self._reader = FailureReader(target, target.path)
        self._attempts: dict[str, _Attempt] = {}
        self._errors: dict[str, CollectionError] = {}
        self._failures: dict[str, Failure] = {}
        self._alike: dict[tuple[Phase, str | None, str], Failure] = {}
        self._shared: list[tuple[int, RecordedOutcome]] = []
        self._files: list[ResultsFile] = []
        self._runs: dict[str, int] = {}
        self._twice: set[str] = set()
        self._rootdir = target.config.rootdir

    def add(self, file: ResultsFile) -> None:
        """Add a file. Its outcome of a test replaces the outcome from an earlier run."""
        self._files.append(file)
        # a runner that writes one file a class gives all of them the name of their run
        run = self._runs.setdefault(file.recorded.run or f"file {len(self._files)}", len(self._files))
        for seen in file.recorded.tests:
            self._take(self._names.place(seen.name), run, seen)
        for one in file.recorded.uncollectable:
            place = self._names.place(one.name)
            told = self._rehomed(read_traceback(one.text))
            failure = self._reader.failure(told.chain, "collect")
            self._errors[place.path] = CollectionError(mask(place.path), failure)
        self._shared += [(run, seen) for seen in file.recorded.shared]

    def _take(self, place: IngestedLocation, run: int, seen: RecordedOutcome) -> None:
        self._errors.pop(place.path, None)  # an earlier run could not collect its file
        known = self._attempts.get(place.nodeid)
        if known and known.run != run:
            self._twice.add(place.nodeid)
        if known is None or known.run != run:
            known = self._attempts[place.nodeid] = _Attempt(place, run)
        elif seen.begins:
            known.seen.clear()
        known.seen.append(seen)

    def facts(self) -> SuiteFacts:
        """Everything that the files say."""
        for run, seen in self._shared:
            self._share(run, seen)
        self._shared.clear()
        attempts = list(self._attempts.values())
        nodeids = names_of([attempt.place.nodeid for attempt in attempts])
        paths = mask_all([attempt.place.path for attempt in attempts])
        results = [
            self._result(attempt, nodeid, path) for attempt, nodeid, path in zip(attempts, nodeids, paths, strict=True)
        ]
        recorded = [file.recorded for file in self._files]
        times = [one.seconds for one in recorded if one.seconds is not None]
        return SuiteFacts(
            tests=tuple(CollectedTest(result.nodeid, result.path, result.line) for result in results),
            results=tuple(results),
            collection_errors=tuple(self._errors.values()),
            failures=dict(self._failures),
            rootdir=self._rootdir,
            pytest_version=next((one.pytest_version for one in recorded if one.pytest_version), None),
            isolation=self._origin(),
            seconds=round(sum(times), 3) if times else None,
            problem=" ".join(self._problems(results)) or None,
            warnings=tuple(self._warnings()),
        )

    def _share(self, run: int, seen: RecordedOutcome) -> None:
        """Apply the outcome of a ``setUpClass`` or the like to tests, as pytest does.

        A set-up counts for every test of its class or module, a tear-down for the last one.
        """
        owner = self._names.place(seen.name)
        file, sep, classes = owner.nodeid.partition("::")
        inside = f"{owner.nodeid}::"
        known = [
            nodeid for nodeid, attempt in self._attempts.items() if nodeid.startswith(inside) and attempt.run == run
        ]
        found = self._classes.tests(owner.path, tuple(classes.split("::")) if sep else ()) if owner.in_tree else []
        tests = [f"{file}::{test}" for test in found]
        if seen.phase == "teardown":
            tests = (known or tests)[-1:]
        # without its source a class stands for its tests: pytest takes its name, too
        for nodeid in dict.fromkeys([*known, *tests]) if seen.phase == "setup" else tests or [owner.nodeid]:
            attempt = self._attempts.get(nodeid)
            if attempt is None or attempt.run <= run:
                self._take(replace(owner, nodeid=nodeid), run, seen)
        if not known and not tests and seen.phase == "setup":
            self._take(owner, run, seen)

    def _problems(self, results: Sequence[TestResult]) -> list[str]:
        """Why the results are not whole, in sentences; they name the file when there are several."""
        several = len(self._files) > 1
        problems = {
            self._reader.text(f"{file.name}: {problem}" if several else problem): None
            for file in self._files
            for problem in file.recorded.problems
        }
        not_run = sum(result.outcome == "not_run" for result in results)
        if not_run and not problems:
            problems[f"{counted(not_run, 'test')} {'has' if not_run == 1 else 'have'} no outcome in the results."] = (
                None
            )
        if not results and not self._errors:
            problems[_NO_TESTS] = None
        return list(problems)

    def _warnings(self) -> Iterator[TestWarning]:
        found = Counter(warning for file in self._files for warning in file.recorded.warnings)
        for warning, count in found.items():
            path = warning.path and (self._names.find(warning.path) or warning.path)
            nodeid = warning.nodeid and names_of([warning.nodeid])[0]
            message = self._reader.text(warning.message)
            yield replace(warning, path=path and self._reader.path(path), nodeid=nodeid, message=message, count=count)

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
            reason=self._reader.text(reason) if reason else None,
            line=line,
        )

    def _failure(self, seen: RecordedOutcome) -> Failure:
        """The failure as a fact. Tests that failed alike share one, with the output of the first of them."""
        told = read_traceback(seen.text, seen.message, seen.type)
        fixture = told.fixture if seen.phase != "call" else None
        key = (seen.phase, fixture, repr(told.chain))
        known = self._alike.get(key)
        if known is None:
            chain = self._rehomed(told).chain
            known = self._alike[key] = self._reader.failure(chain, seen.phase, fixture, seen.tail)
        return known

    def _rehomed(self, told: ParsedTraceback) -> ParsedTraceback:
        """Replace the paths of the target's own files by those that they have here."""
        for link in told.chain:
            link["frames"] = [
                [self._names.find(path) or path, line, function] for path, line, function in link["frames"]
            ]
        return told

    def _origin(self) -> str:
        """Where the results come from and what kit did with them, in sentences."""
        files = ", ".join(f"{mask(file.name)} ({file.format}, {_counted(file)})" for file in self._files)
        sentences = [f"No test was run. The results come from {files}."]
        if self._twice:
            verb = "is" if len(self._twice) == 1 else "are"
            sentences.append(f"{_tests(len(self._twice))} {verb} in more than one of them: the later file counts.")
        lost = sum(not attempt.place.in_tree for attempt in self._attempts.values())
        if lost:
            sentences.append(f"{_tests(lost)} could not be found in the target: is it the same revision?")
        return " ".join(sentences)


def _weightiest(seen: Sequence[RecordedOutcome]) -> RecordedOutcome:
    """The outcome that counts: the worst, and the first among equals."""

    def weight(one: RecordedOutcome) -> tuple[int, bool, bool]:
        is_own = not _SUBTESTS_FAILED.match(one.message or one.text)
        return _WEIGHT.get(one.outcome, 1), is_own, one.outcome == "not_run" and bool(one.reason)

    return max(seen, key=weight)


def _stopped(failure: Failure, phase: Phase) -> tuple[Outcome, str] | None:
    """The outcome of a test that timed out or crashed, where a plugin reports an ordinary failure."""
    message = failure.raised.message
    if timeout := _TIMEOUT.match(message):
        return "timed_out", timeout_reason(float(timeout["seconds"].strip(".") or 0), phase)
    return ("crashed", exit_reason(None)) if _LOST_WORKER.match(message) else None


def _counted(file: ResultsFile) -> str:
    return _tests(len({seen.name for seen in file.recorded.tests}))


def _tests(number: int) -> str:
    return counted(number, "test")


def assemble(files: Iterable[ResultsFile], target: Target) -> SuiteFacts:
    """The facts of one suite from its files."""
    assembly = Assembly(target)
    for file in files:
        assembly.add(file)
    return assembly.facts()
