"""When a cause came: the first commit that shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Literal, Self

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.dossier import FlakyTest
from kit.facts.history import Introduction, VariableDifference
from kit.facts.kinds import CauseKind
from kit.history.commits import Commits, UnreadableCommitError
from kit.history.in_source import SourceHistory
from kit.history.in_tests import TestHistory
from kit.history.likely import files_behind
from kit.history.searching import first_showing
from kit.suite import RunOptions

_FLAKY: CauseKind = "flaky-test"


class When:
    """Finds out when the causes of a case came. To be used as a context manager."""

    def __init__(
        self,
        facts: CaseFacts,
        options: RunOptions,
        on_step: Callable[[str, bool | None], None],
        flaky: Sequence[FlakyTest] = (),
    ) -> None:
        """``on_step`` is called with each commit that was looked at, and whether it shows the cause (``None``: that
        could not be found out). ``flaky`` are the flaky tests of the target: what they show at a commit says nothing.
        Raises :class:`UsageError` when git does not know the target, or the commit of the
        case.
        """
        target = facts.case.target
        self.commits = Commits(target.path, target.revision or "HEAD")
        groups = {group.id: group for group in facts.grouping.groups} if facts.grouping else {}
        self._facts = facts
        self._dirty, self._on_step = target.dirty, on_step
        self._flaky = {one.nodeid: one for one in flaky}
        self._source = SourceHistory(facts, self.commits)
        self._tests = TestHistory(target, self.commits, options, groups)
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self._closing.enter_context(self._source)
        self._closing.enter_context(self._tests)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def of(self, cause: Cause) -> Introduction:
        """When a cause came: by the source where that shows it, else by one of its tests."""
        try:
            in_source = self._source.question(cause)
        except UnreadableCommitError as error:
            return Introduction(cause.id, None, how="source", why=str(error))
        if in_source:
            return self._found(cause, in_source, "source")
        if why := self._why_flaky(cause):
            return Introduction(cause.id, None, how="test", why=why)
        in_tests = self._tests.question(cause)
        if isinstance(in_tests, str):
            return Introduction(cause.id, None, how="test", why=in_tests)
        found = self._found(cause, in_tests, "test")
        return replace(found, differs=self._differs(cause, found, in_tests))

    def _differs(
        self, cause: Cause, found: Introduction, shows: Callable[[str], bool | None]
    ) -> VariableDifference | None:
        """The first variable that the named commit changed for the test, where its parent does not show the cause."""
        parent = next(iter(self.commits.parents(found.commit.id)), "") if found.commit and not found.untested else ""
        if not found.commit or not parent or shows(parent) is not False:
            return None
        return self._tests.difference(cause, found.commit.id, parent)

    def _why_flaky(self, cause: Cause) -> str:
        """Why tests of this cause cannot find a commit; empty when they can."""
        known = [self._flaky[test] for test in cause.tests if test in self._flaky]
        if cause.kind == _FLAKY or (known and len(known) == len(cause.tests)):
            often = f": {known[0].nodeid} {known[0].sentence}" if known else ""
            return f"it is flaky, so a test of it at one commit shows nothing{often}"
        return ""

    def _found(self, cause: Cause, shows: Callable[[str], bool | None], how: Literal["source", "test"]) -> Introduction:
        verdicts: dict[str, bool | None] = {}

        def asked(commit: str) -> bool | None:
            if commit not in verdicts:
                try:
                    verdicts[commit] = shows(commit)
                except UnreadableCommitError:
                    verdicts[commit] = None
                self._on_step(commit, verdicts[commit])
            return verdicts[commit]

        behind = files_behind(cause, self._facts)
        found = first_showing(self.commits, self.commits.start, asked, lambda line: self.commits.touching(line, behind))
        skipped = sum(verdict is None for verdict in verdicts.values())
        counts = {"tested": len(verdicts), "skipped": skipped}
        if found is None:
            why = self._why_not(verdicts[self.commits.start])
            return Introduction(cause.id, None, how=how, why=why, **counts)  # type: ignore[arg-type]
        candidates = (found.first, *found.untested)
        changing = self.commits.changing(candidates, behind) if found.untested else frozenset()
        likeliest = next(iter(changing)) if len(changing) == 1 else ""
        first = likeliest or found.first
        others = tuple(one for one in candidates if one != first)
        commit = self.commits.describe(first)
        return Introduction(cause.id, commit, others, bool(likeliest), found.is_oldest, how=how, **counts)  # type: ignore[arg-type]

    def _why_not(self, verdict: bool | None) -> str:
        place = f"the commit {self.commits.start[:12]}"
        if verdict is None:
            return f"{place} could not be tested in a copy of its own"
        if self._dirty:
            return f"{place} does not show it: the case looked at changes that are not committed"
        return f"{place} does not show it"
