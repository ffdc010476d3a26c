"""Before and after: each test of two runs in exactly one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kit.facts.fixes import Comparison, Verdict
from kit.facts.outcomes import BAD, FINE, Outcome
from kit.facts.suite import SuiteFacts

#: outcomes that stop a test before it says anything about the code
_BLOCKED: frozenset[Outcome] = BAD | {"not_run"}
#: outcomes of a test that passes now; one that is skipped or expected to fail shows nothing
_PASSES: frozenset[Outcome] = frozenset({"passed", "xpassed"})


@dataclass(frozen=True)
class RunOutcomes:
    """What a run showed, as far as comparing needs it: outcomes by node id, and for failing tests the id of their
    cause, or of their group where no cause is named.
    """

    outcomes: Mapping[str, Outcome]
    causes: Mapping[str, str]

    @classmethod
    def of(cls, suite: SuiteFacts, causes: Mapping[str, str]) -> RunOutcomes:
        """The state of a suite; a test that was collected and has no result counts as not run."""
        outcomes: dict[str, Outcome] = dict.fromkeys((test.nodeid for test in suite.tests), "not_run")
        outcomes |= {result.nodeid: result.outcome for result in suite.results}
        return cls(outcomes, causes)

    def only(self, nodeids: Collection[str]) -> RunOutcomes:
        """The same for these tests only."""
        return RunOutcomes({test: outcome for test, outcome in self.outcomes.items() if test in nodeids}, self.causes)

    def passing(self, nodeids: Collection[str]) -> RunOutcomes:
        """The same, with these tests as passed: what they failed by chance does not count."""
        outcomes = {test: "passed" if test in nodeids else outcome for test, outcome in self.outcomes.items()}
        return RunOutcomes(outcomes, {test: cause for test, cause in self.causes.items() if test not in nodeids})


def compare(before: RunOutcomes, after: RunOutcomes) -> Comparison:
    """Put each test of both states in its cell. Where a missing fixture has left a test without its parameters, all its
    variants are compared as that one test.
    """
    after = _variants_as_one(before, after)
    unlocked, broken, kept, still = [], [], 0, 0
    unmasked: Counter[str] = Counter()
    for test, was in before.outcomes.items():
        now = after.outcomes.get(test)
        if now is None:
            continue
        if was not in _BLOCKED:
            lost = now in _BLOCKED or (was in FINE and now == "skipped")
            kept += not lost
            broken += [test] * lost
        elif now in _PASSES:
            unlocked.append(test)
        elif was == "not_run" or now not in _BLOCKED or before.causes.get(test) == after.causes.get(test):
            still += 1
        else:
            unmasked[after.causes.get(test, "")] += 1
    newly = Counter(now for test, now in after.outcomes.items() if test not in before.outcomes)
    return Comparison(
        before=len(before.outcomes),
        after=len(after.outcomes),
        unlocked=tuple(unlocked),
        kept=kept,
        unmasked=dict(unmasked.most_common()),
        still_failing=still,
        broken=tuple(broken),
        newly_collected=dict(newly.most_common()),
        gone=tuple(test for test in before.outcomes if test not in after.outcomes),
    )


def _variants_as_one(before: RunOutcomes, after: RunOutcomes) -> RunOutcomes:
    """``after`` with the new variants of a blocked test that is gone as that test: it passes where all of them do."""
    gone: dict[str, list[str]] = {}
    for test, was in before.outcomes.items():
        if was in _BLOCKED and test not in after.outcomes:
            gone.setdefault(test.partition("[")[0], []).append(test)
    variants: dict[str, list[str]] = {}
    for test in after.outcomes if gone else ():
        fitting = [one for one in gone.get(test.partition("[")[0], ()) if _is_variant(test, one)]
        if fitting and test not in before.outcomes:
            variants.setdefault(max(fitting, key=len), []).append(test)
    one_for = {test: one for one, tests in variants.items() for test in tests}
    outcomes = {test: outcome for test, outcome in after.outcomes.items() if test not in one_for}
    causes = {test: cause for test, cause in after.causes.items() if test not in one_for}
    for one, tests in variants.items():
        shown = max(tests, key=lambda test: (after.outcomes[test] in _BLOCKED, after.outcomes[test] in _PASSES))
        outcomes[one] = after.outcomes[shown]
        causes |= {one: after.causes[shown]} if shown in after.causes else {}
    return RunOutcomes(outcomes, causes)


def _is_variant(test: str, of: str) -> bool:
    """Whether a test is another one with more parameters."""
    more, fewer = (name.partition("[")[2].removesuffix("]") for name in (test, of))
    return test != of and bool(more) and (not fewer or f"-{fewer}-" in f"-{more}-")


def verdict_of(comparison: Comparison, blocked: Collection[str]) -> Verdict:
    """The verdict on a fix; ``blocked`` are the tests of its cause, empty where it only kept files from collection:
    then all that are newly collected count.
    """
    newly = comparison.newly_collected
    freed = len(set(comparison.unlocked) & set(blocked)) if blocked else sum(newly.values())
    if not freed:
        return "NO"
    if comparison.broken or comparison.gone:
        return "PARTIAL"
    left = len(blocked) - freed if blocked else sum(newly[outcome] for outcome in newly.keys() & _BLOCKED)
    return "FULL" if left <= 0 else "PARTIAL"
