"""What changed since the case before: causes, tests, categories, durations."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.history import CaseComparison, CategoryChange, CauseChange, Change, SlowerTest
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.sections.missing import Missing

#: at most this many tests of one change are named
_SHOWN = 10

#: what did not change is counted, not listed
_LISTED: tuple[Change, ...] = ("new", "regressed", "fixed", "flaky", "unseen")


@dataclass(frozen=True)
class ChangedTests:
    """The tests with one change: the first of them, and how many there are. ``is_here`` when this report has them."""

    __test__ = False

    change: Change
    tests: tuple[str, ...]
    number: int
    is_here: bool


@dataclass(frozen=True)
class ChangesView:
    """The comparison, and its causes with the anchor of each that this report has (empty: it has none)."""

    compared: CaseComparison
    causes: tuple[tuple[CauseChange, str], ...]
    tests: tuple[ChangedTests, ...]
    categories: tuple[CategoryChange, ...]
    slower: tuple[SlowerTest, ...]


def view(joined: Joined) -> ChangesView | Missing:
    """The changes since the last case of the target."""
    found = joined.facts.compared
    if found is None:
        return Missing("The store has no earlier case of this target to compare with.")
    return changes_of(found)


def changes_of(found: CaseComparison, *, is_alone: bool = False) -> ChangesView:
    """What stands in the section. ``is_alone``: it is on a page of its own, where nothing has an anchor."""
    here = [one.cause.id for one in found.causes if one.after is not None and not is_alone]
    rows = [_row(found, change, is_alone=is_alone) for change in _LISTED]
    return ChangesView(
        compared=found,
        causes=tuple((one, anchor("cause", one.cause.id) if one.cause.id in here else "") for one in found.causes),
        tests=tuple(row for row in rows if row.number),
        categories=tuple(one for one in found.categories if one.before != one.after),
        slower=found.slower[:_SHOWN],
    )


def _row(found: CaseComparison, change: Change, *, is_alone: bool) -> ChangedTests:
    tests = [one.nodeid for one in found.tests if one.change == change]
    return ChangedTests(change, tuple(tests[:_SHOWN]), len(tests), not is_alone and change in ("new", "regressed"))
