"""Compares cases as the store has them, with what still earlier cases of the target say."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.case import CaseFacts, Part
from kit.facts.history import CaseComparison
from kit.history.comparing import Past, compare_cases
from kit.history.known import findings_of
from kit.store import Store

#: the parts of a case that are compared
COMPARED: tuple[Part, ...] = ("inventory", "suite", "diagnosis")

_SOURCE: tuple[Part, ...] = ("inventory",)

#: at most this many earlier cases are searched for a cause or a test that had failed before
_MOST = 50


def compare_recorded(store: Store, before: str, after: str) -> CaseComparison:
    """The comparison of two cases of a store. Raises :class:`UsageError` for a name that is not a case."""
    return _with_past(store, store.load(before, COMPARED), store.load(after, COMPARED))


def compare_with_previous(store: Store, after: CaseFacts) -> CaseComparison | None:
    """What changed since the newest earlier case of the same target that has outcomes or causes; ``None`` without one.

    ``after`` has at least the parts :data:`COMPARED`.
    """
    for case in store.cases_before(after.case):
        before = store.load(case.id, COMPARED)
        if before.causes is not None and (before.suite is None or before.suite.results or before.causes):
            return _with_past(store, before, after)
    return None


@dataclass(frozen=True)
class KnownBefore:
    """The ids of what the earlier ``case`` has too, or what differs by chance."""

    case: str
    ids: frozenset[str]


def known_before(store: Store, after: CaseFacts) -> KnownBefore | None:
    """The causes and findings of a case that the case before it has too, or that differ by chance, with the findings
    that these causes rest on; ``None`` without an earlier case.
    """
    compared = compare_with_previous(store, after)
    if compared is None:
        return None
    findings = {finding.id for finding in after.inventory.findings} if after.inventory else set()
    causes = [one.cause for one in compared.causes if one.change in ("known", "flaky") and one.after is not None]
    earlier = findings & _earlier_findings(store, after) if findings else set()
    return KnownBefore(compared.before.id, frozenset((*(cause.id for cause in causes), *findings_of(causes), *earlier)))


def _earlier_findings(store: Store, after: CaseFacts) -> set[str]:
    """The findings of the newest earlier case that has read the source."""
    for case in store.cases_before(after.case)[:_MOST]:
        if inventory := store.load(case.id, _SOURCE).inventory:
            return {finding.id for finding in inventory.findings}
    return set()


def _with_past(store: Store, before: CaseFacts, after: CaseFacts) -> CaseComparison:
    cases = tuple(reversed(store.cases_before(before.case)[:_MOST]))
    causes = store.causes_of([case.id for case in cases])
    bad = store.once_bad([case.id for case in cases])
    return compare_cases(before, after, Past(tuple((case, causes.get(case.id, ())) for case in cases), bad))
