"""What a test shows at a commit: one test of a cause, run in a scratch copy that has the files of that commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Self

from kit import failures
from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.failures import Group, Grouping, Signature
from kit.facts.history import VariableDifference
from kit.facts.kinds import CauseKind
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.fixes import TrialCopy
from kit.history.commits import Commits
from kit.history.trees import CommitTree
from kit.history.variables import TracedTest, first_difference, trace_test
from kit.suite import RunOptions
from kit.target import forget_bytecode

#: causes that one test alone does not show
NOT_ALONE: tuple[CauseKind, ...] = ("flaky-test", "order-dependence")

_REFUSED: CauseKind = "start-refused"

Verdict = bool | None


class TestHistory:
    """To be used as a context manager: at its end the copy is gone and every process has ended."""

    __test__ = False

    def __init__(self, target: Target, commits: Commits, options: RunOptions, groups: Mapping[str, Group]) -> None:
        """``groups`` are those of the case, by their id."""
        self._target, self._commits, self._options, self._groups = target, commits, options, groups
        self._closing = ExitStack()
        self._copy: TrialCopy | None = None
        self._carried: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def question(self, cause: Cause) -> Callable[[str], Verdict] | str:
        """The question whether a commit shows a cause; or a sentence that says why no test can answer it."""
        if cause.kind in NOT_ALONE:
            return "it depends on chance or on other tests, which one test does not show"
        sample, own = self._sample(cause), self._own(cause)
        if not sample and cause.kind != _REFUSED:
            return "the case has no test and no file that shows it"
        known: dict[str, Verdict] = {}

        def shows(commit: str) -> Verdict:
            if commit not in known:
                known[commit] = self._shows(commit, cause, own, sample)
            return known[commit]

        return shows

    def _own(self, cause: Cause) -> list[Group]:
        return [self._groups[group] for group in cause.groups if group in self._groups]

    def _sample(self, cause: Cause) -> str:
        """A test of the cause, or a file that cannot be collected; empty where the case has neither."""
        own = self._own(cause)
        tests = (test for group in own for test in group.sample_tests)
        return next(tests, next((file for group in own for file in group.files), ""))

    def _shows(self, commit: str, cause: Cause, own: list[Group], sample: str) -> Verdict:
        suite = self._run(commit, sample)
        if suite is not None and _is_absent(sample, suite):
            suite = self._run(commit, sample, carried=True)
            self._carried.add(commit)
        return None if suite is None else _verdict(suite, cause, own, sample)

    def difference(self, cause: Cause, bad: str, good: str) -> VariableDifference | None:
        """The first variable of the cause's test that differs between a ``bad`` commit, which shows the cause, and a
        ``good`` one; ``None`` where the test cannot tell.
        """
        sample = self._sample(cause)
        if "::" not in sample or cause.kind == _REFUSED:
            return None
        failing, passing, again = (self._traced(commit, sample) for commit in (bad, good, good))
        if failing is None or passing is None or again is None or passing.outcome == failing.outcome:
            return None
        return first_difference(failing.steps, passing.steps, again.steps)

    def _traced(self, commit: str, sample: str) -> TracedTest | None:
        copy = self._at(commit, sample, carried=commit in self._carried)
        return trace_test(copy, sample) if copy else None

    def _run(self, commit: str, sample: str, *, carried: bool = False) -> SuiteFacts | None:
        """The suite of a commit, of which only the sample test ran; ``carried``: with the file of that test as it is at
        the start.
        """
        copy = self._at(commit, sample, carried=carried)
        return copy.run(lambda collected: [test for test in collected if test == sample]) if copy else None

    def _at(self, commit: str, sample: str, *, carried: bool) -> TrialCopy | None:
        """The copy with the files of a commit; ``None`` where the file of the test is not there to be carried."""
        if self._copy is None:
            there = {*self._commits.files(self._commits.start), *self._commits.files("HEAD")}
            self._copy = self._closing.enter_context(TrialCopy(self._target, self._options))
            self._tree = CommitTree(self._commits, self._copy.root, replacing=there)
        path = sample.partition("::")[0]
        file = self._commits.files(self._commits.start).get(path) if carried else None
        if carried and file is None:
            return None
        changed = self._tree.go_to(commit, {path: file} if file else None)
        forget_bytecode(self._copy.root, changed)
        return self._copy


def _is_absent(sample: str, suite: SuiteFacts) -> bool:
    """Whether a commit does not have the sample test: its file neither has it nor fails to be collected."""
    if not sample or suite.start_refusal or (suite.problem and not suite.tests):
        return False
    known = {test.nodeid for test in suite.tests} | {error.path for error in suite.collection_errors}
    known |= set() if "::" in sample else {test.path for test in suite.tests}
    return known.isdisjoint((sample, sample.partition("::")[0]))


def _verdict(suite: SuiteFacts, cause: Cause, own: list[Group], sample: str) -> Verdict:
    ran = SuiteFacts(
        tests=suite.tests,
        results=tuple(result for result in suite.results if result.outcome != "not_run"),
        failures=suite.failures,
        collection_errors=suite.collection_errors,
        start_refusal=suite.start_refusal,
    )
    grouping = failures.group_failures(ran)
    if _shown(grouping, own) or any(one.id == cause.id for one in find_causes(None, ran, grouping)):
        return True
    if cause.kind == _REFUSED:
        return None if suite.start_refusal or not suite.tests else False
    if "::" not in sample:  # a file that could not be collected
        return False if any(test.path == sample for test in suite.tests) else None
    outcome = next((result.outcome for result in ran.results if result.nodeid == sample), None)
    return False if outcome is not None and outcome not in BAD and outcome != "skipped" else None


def _shown(grouping: Grouping, own: list[Group]) -> bool:
    ids, says = {group.id for group in own}, {_says(group.signature) for group in own}
    return any(group.id in ids or _says(group.signature) in says for group in grouping.groups)


def _says(signature: Signature) -> tuple[str, str, str, str]:
    """What a failure says and the function it breaks off in: the same when its module moves."""
    return signature.exception, signature.message, signature.phase, (signature.frame or "").rpartition(":")[2]
