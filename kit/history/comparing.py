"""Two cases side by side: their causes first, then their tests, categories and durations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kit.facts.case import Case, CaseFacts
from kit.facts.causes import Cause
from kit.facts.failures import Group
from kit.facts.history import CaseComparison, CaseMoment, CategoryChange, CauseChange, Change, SlowerTest, TestChange
from kit.facts.kinds import CauseKind
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import SuiteFacts, TestResult
from kit.history.identity import matched
from kit.history.renamed_tests import other_ids, under_later_ids

_FLAKY: CauseKind = "flaky-test"

#: outcomes that show that a test is fine: one that is skipped shows nothing
_PASSED: frozenset[Outcome] = frozenset({"passed", "xpassed"})

#: a test is slower when it takes at least this many times as long, and at least this many seconds longer
_TIMES, _SECONDS = 2.0, 0.5


@dataclass(frozen=True)
class Past:
    """What cases of the target before the two that are compared have shown: their causes, the oldest case first, and
    the tests that failed in any of them.
    """

    causes: tuple[tuple[Case, tuple[Cause, ...]], ...] = ()
    once_bad: frozenset[str] = field(default=frozenset())

    def under(self, ids: Mapping[str, str]) -> Past:
        """The same, with the tests that the later case names differently."""
        return replace(self, once_bad=frozenset(ids.get(one, one) for one in self.once_bad)) if ids else self


def moment_of(case: Case) -> CaseMoment:
    """When and at which revision a case looked at its target."""
    return CaseMoment(case.id, case.started, case.target.revision, case.target.dirty)


def compare_cases(before: CaseFacts, after: CaseFacts, past: Past | None = None) -> CaseComparison:
    """What changed from one case to a later one of the same target."""
    ids = other_ids(before.suite, after.suite)
    before, known = under_later_ids(before, ids), (past or Past()).under(ids)
    sides = _Sides(before, after)
    return CaseComparison(
        before=moment_of(before.case),
        after=moment_of(after.case),
        causes=tuple(_causes(sides, known)),
        tests=tuple(_tests(sides, known)),
        gone=tuple(nodeid for nodeid in sides.was if nodeid not in sides.now and nodeid not in sides.uncollected_tests),
        categories=tuple(_categories(before, after)),
        slower=tuple(_slower(sides)),
        started=sides.started,
        renamed=ids,
        pytest_version=(after.suite and after.suite.pytest_version) or "",
    )


class _Sides:
    """The two cases, and what each knows of a test."""

    def __init__(self, before: CaseFacts, after: CaseFacts) -> None:
        self.before, self.after = before, after
        self.was, self.now = _results(before.suite), _results(after.suite)
        self.broken_files = {error.path for error in after.suite.collection_errors} if after.suite else set()
        self.uncollected_tests = {nodeid for nodeid, one in self.was.items() if one.path in self.broken_files}
        self.groups: dict[str, Group] = {
            group.id: group for facts in (before, after) if facts.grouping for group in facts.grouping.groups
        }
        one, two = before.case.target, after.case.target
        is_same = one.revision is not None and (one.revision, one.interpreter) == (two.revision, two.interpreter)
        self.same_code = is_same and not one.dirty and not two.dirty

    @property
    def started(self) -> bool:
        """Whether the later case looked at what the earlier one did: tests where that ran tests, else the source."""
        if any(result.outcome != "not_run" for result in self.was.values()):
            ran = any(result.outcome != "not_run" for result in self.now.values())
            return ran or bool(self.broken_files)
        return self.after.causes is not None or self.after.inventory is not None


def _results(suite: SuiteFacts | None) -> dict[str, TestResult]:
    if suite is None:
        return {}
    waiting = {test.nodeid: TestResult(test.nodeid, test.path, "not_run") for test in suite.tests}
    return waiting | {result.nodeid: result for result in suite.results}


def _causes(sides: _Sides, past: Past) -> Iterator[CauseChange]:
    before, after = sides.before.causes or (), sides.after.causes or ()
    partner = matched(before, after, sides.groups)
    named_after, named_before = _named_since(after, past), _named_since(before, past)
    for cause in after:
        earlier = partner.get(cause.id)
        since = named_after.get(cause.id)
        change: Change = "known" if earlier else "regressed" if since else "new"
        if _is_flaky(cause, sides.now) or (earlier is None and sides.same_code and _any_fine(cause, sides.was)):
            change = "flaky"
        yield CauseChange(change, cause, _size(earlier) if earlier else None, _size(cause), since)
    taken = {cause.id for cause in partner.values()}
    for cause in before:
        if cause.id not in taken:
            why = _why_unseen(cause, sides)
            is_flaky = _is_flaky(cause, sides.was) or (sides.same_code and _any_fine(cause, sides.now))
            change = "unseen" if why else "flaky" if is_flaky else "fixed"
            yield CauseChange(change, cause, _size(cause), None, named_before.get(cause.id), why)


def _named_since(causes: Sequence[Cause], past: Past) -> dict[str, CaseMoment]:
    """The first of the earlier cases that named each of these causes, by its id. All are matched at once: one alone
    could be taken for another that has a partner of its own.
    """
    found: dict[str, CaseMoment] = {}
    for case, earlier in past.causes:
        found = dict.fromkeys(matched(earlier, causes), moment_of(case)) | found
    return found


def _size(cause: Cause) -> int:
    return len(cause.tests) + len(cause.uncollectable)


def _is_flaky(cause: Cause, results: Mapping[str, TestResult]) -> bool:
    told = [results[test].alone for test in cause.tests if test in results]
    return cause.kind == _FLAKY or (bool(told) and all(alone == "flaky" for alone in told))


def _any_fine(cause: Cause, results: Mapping[str, TestResult]) -> bool:
    outcomes = {results[test].outcome for test in cause.tests if test in results}
    return bool(outcomes & _PASSED)


def _why_unseen(cause: Cause, sides: _Sides) -> str:
    """Why nobody can tell whether a cause that the later case does not name is fixed; empty where it is.

    It is fixed when one of its tests passes now, or one of its files is collected. A cause of no test is one of the
    source alone: it is fixed when the source was read again.
    """
    if not cause.tests and not cause.uncollectable:
        return "" if sides.after.inventory is not None else "the source was not read"
    now = [sides.now[test] for test in cause.tests if test in sides.now]
    if _any_fine(cause, sides.now):
        return ""
    if {one.path for one in sides.now.values()}.intersection(cause.uncollectable):
        return ""
    other = _stopping_now(cause, sides)
    if other:
        return f"its tests stop at another cause: {other.title}"
    return "its tests were skipped or not run" if now else "its tests are not collected any more"


def _stopping_now(cause: Cause, sides: _Sides) -> Cause | None:
    names = {*cause.tests, *cause.uncollectable, *(nodeid.partition("::")[0] for nodeid in cause.tests)}
    return next(
        (other for other in sides.after.causes or () if names.intersection((*other.tests, *other.uncollectable))), None
    )


def _tests(sides: _Sides, past: Past) -> Iterator[TestChange]:
    for nodeid in dict.fromkeys((*sides.was, *sides.now)):
        was, now = sides.was.get(nodeid), sides.now.get(nodeid)
        if change := _change_of(was, now, sides, past):
            yield TestChange(change, nodeid, was.outcome if was else None, now.outcome if now else None)


def _change_of(was: TestResult | None, now: TestResult | None, sides: _Sides, past: Past) -> Change | None:
    bad = [one for one in (was, now) if one is not None and one.outcome in BAD]
    if not bad:
        return None
    if bad == [was] and (now is None or now.outcome not in _PASSED):
        return "unseen"
    if any(one.alone == "flaky" for one in bad) or (len(bad) == 1 and sides.same_code and _both_ran(was, now)):
        return "flaky"
    if len(bad) > 1:
        return "known"
    if bad == [was]:
        return "fixed"
    return "regressed" if was is not None and was.nodeid in past.once_bad else "new"


def _both_ran(was: TestResult | None, now: TestResult | None) -> bool:
    return all(one is not None and one.outcome != "not_run" for one in (was, now))


def _categories(before: CaseFacts, after: CaseFacts) -> Iterator[CategoryChange]:
    was = {one.key: (one, number) for one, number in (before.grouping.categories if before.grouping else ())}
    now = {one.key: (one, number) for one, number in (after.grouping.categories if after.grouping else ())}
    for key in dict.fromkeys((*now, *was)):
        category = (now.get(key) or was[key])[0]
        yield CategoryChange(key, category.title, was[key][1] if key in was else 0, now[key][1] if key in now else 0)


def _slower(sides: _Sides) -> list[SlowerTest]:
    found = []
    for nodeid, now in sides.now.items():
        was = sides.was.get(nodeid)
        if was and (was.outcome, now.outcome) == ("passed", "passed") and was.seconds and now.seconds:
            longer = now.seconds - was.seconds
            if longer >= _SECONDS and now.seconds >= _TIMES * was.seconds:
                found.append(SlowerTest(nodeid, was.seconds, now.seconds))
    return sorted(found, key=lambda one: one.before - one.after)
