"""A run for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.failures import ExceptionInfo, Group, Grouping
from kit.facts.kinds import CauseKind
from kit.facts.suite import RecheckVerdict, SuiteFacts, TestResult
from kit.facts.wording import counted
from kit.report import duration, next_step, tests_and_files

#: what a test did when it was run once more
_ALONE: dict[RecheckVerdict, str] = {
    "fails": "fails alone too",
    "needs_others": "failed without the tests before it: counted as after them",
    "fails_beside_others": "failed only beside others: counted as without them",
    "passes_alone": "passes alone: it depends on tests before it",
    "fails_watched": "failed only while kit watched shared state: counted as without that",
    "flaky": "flaky: it fails now and then",
}

#: the kinds of causes that no outcome shows: pytest refuses to start, its session fails at the end, and tests that
#: passed without having run
_UNSEEN: frozenset[CauseKind] = frozenset({"start-refused", "session-end", "never-awaited"})

#: tests from this many seconds on are called slow, and how many of them are
_SLOW_S, _MOST_SLOW = 1.0, 5


def run_text(facts: CaseFacts) -> str:
    """The causes that no outcome shows; a line for each test that did not pass, the causes with their places, and the
    accounting identity.
    """
    suite = facts.suite or SuiteFacts()
    lines = [
        line
        for cause in facts.causes or ()
        if _is_unseen(cause, suite)
        for line in (cause.title, str(next_step(cause, facts.case)), "")
    ]
    lines += [_outcome(result, suite) for result in suite.results if result.outcome != "passed" or result.alone]
    lines += [
        f"left running: {', '.join(result.leaked)}  ({result.nodeid})" for result in suite.results if result.leaked
    ]
    lines += [f"not collected: {error.path}  ({_said(error.failure.raised)})" for error in suite.collection_errors]
    lines += [f"changed state: {one.sentence}" for one in suite.polluted]
    lines += _causes(facts.causes or (), suite) or _groups(facts.grouping)
    lines += [_slow(result) for result in _slowest(suite)]
    lines += [*_further(suite), *_foreseen(facts.grouping)]
    return "\n".join([*lines, "", suite.accounting.sentence, ""])


def _is_unseen(cause: Cause, suite: SuiteFacts) -> bool:
    """Whether no outcome shows a cause: by its kind, or because no test was collected."""
    return cause.kind in _UNSEEN or not (suite.tests or cause.tests or cause.uncollectable)


def _causes(causes: Iterable[Cause], suite: SuiteFacts) -> list[str]:
    """A line for each cause of failures, with the place to look at first, after an empty one."""
    lines = []
    for cause in causes:
        if not _is_unseen(cause, suite) and (cause.tests or cause.uncollectable):
            extent = tests_and_files(len(cause.tests), len(cause.uncollectable))
            lines.append(f"{extent:>12}  {cause.placed_title}")
    return ["", *lines] if lines else []


def _groups(grouping: Grouping | None) -> list[str]:
    """A line for each group of failures, after an empty one."""
    if not grouping or not grouping.groups:
        return []
    return ["", *(_group(group) for group in grouping.groups)]


def _group(group: Group) -> str:
    message = group.signature.message.partition(chr(10))[0]
    return f"{_extent(group):>12}  {group.signature.exception}: {message}"


def _further(suite: SuiteFacts) -> Iterator[str]:
    """How many warnings there were, and the measured coverage."""
    if suite.warnings:
        every = counted(sum(warning.count for warning in suite.warnings), "warning")
        yield f"{every}, {len(suite.warnings)} distinct"
    if suite.coverage:
        covered, statements = suite.coverage.covered, suite.coverage.statements
        yield f"coverage: {suite.coverage.percent:.1f} % ({covered:,} of {counted(statements, 'line')})"


def _foreseen(grouping: Grouping | None) -> Iterator[str]:
    """What the warnings say of the next releases."""
    for one in grouping.forecasts if grouping else ():
        yield f"foreseen: {one.sentence}"


def _outcome(result: TestResult, suite: SuiteFacts) -> str:
    apart = "its file cannot be collected alone" if result.alone and result.path in suite.not_alone else None
    told = "; ".join(filter(None, (result.reason, _ALONE[result.alone] if result.alone else None, apart)))
    names = [name for name in suite.runnable(result.nodeid) if name != result.nodeid]  # where the node id is masked
    name = " ".join([result.nodeid, *names])
    return f"{result.outcome.replace('_', ' ')}: {name}" + (f"  ({told})" if told else "")


def _slowest(suite: SuiteFacts) -> list[TestResult]:
    """The slowest tests, of those that take long enough to be worth a word."""
    slow = [result for result in suite.results if (result.seconds or 0.0) >= _SLOW_S]
    return sorted(slow, key=lambda result: -(result.seconds or 0.0))[:_MOST_SLOW]


def _slow(result: TestResult) -> str:
    return f"slow: {result.nodeid}  ({duration(result.seconds)})"


def _extent(group: Group) -> str:
    return counted(group.count, "test") if group.count else counted(len(group.files), "file")


def _said(raised: ExceptionInfo) -> str:
    return f"{raised.type}: {raised.message.partition(chr(10))[0]}"
