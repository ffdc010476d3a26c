"""Every collected test in exactly one row, and the files that could not be collected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kit.facts.causes import Cause
from kit.facts.failures import Group, Phase
from kit.facts.outcomes import OUTCOMES, Outcome
from kit.facts.suite import Accounting, SuiteFacts
from kit.report import commands
from kit.report.incident import error_text
from kit.report.joined import Joined
from kit.report.sections import conduct
from kit.report.sections.conduct import Conduct
from kit.report.sections.missing import Missing
from kit.report.wording import OUTCOME_LABELS, number

_REASONS_SHOWN = 5


@dataclass(frozen=True)
class Row:
    """Tests of one outcome (for errors: in one phase); ``reasons`` say why with counts, the most frequent first."""

    outcome: Outcome
    label: str
    tests: int
    reasons: tuple[tuple[str, int], ...] = ()
    more_reasons: int = 0


@dataclass(frozen=True)
class UncollectableFile:
    """A file that pytest could not collect, with what explains it."""

    path: str
    error: str
    group: Group | None
    category: str | None
    cause: Cause | None


@dataclass(frozen=True)
class AccountingView:
    """``identity`` is the sentence that says whether the rows add up."""

    accounting: Accounting
    rows: tuple[Row, ...]
    identity: str
    holds: bool
    uncollectable: tuple[UncollectableFile, ...]
    conduct: Conduct


def view(joined: Joined) -> AccountingView | Missing:
    """The table of outcomes."""
    suite, accounting = joined.facts.suite, joined.accounting
    if suite is None or accounting is None:
        return Missing("The test suite was not run.", commands.run(joined.facts.case))
    rows = tuple(row for outcome in OUTCOMES for row in _rows(suite, accounting, outcome))
    return AccountingView(
        accounting=accounting,
        rows=rows,
        identity=_identity(accounting, rows),
        holds=accounting.holds(),
        uncollectable=_uncollectable(joined, suite),
        conduct=conduct.view(suite, joined.facts.grouping.forecasts if joined.facts.grouping else ()),
    )


def _rows(suite: SuiteFacts, accounting: Accounting, outcome: Outcome) -> list[Row]:
    if outcome == "error" and accounting.error:
        return _error_rows(suite)
    reasons = Counter(result.reason for result in suite.results if result.outcome == outcome and result.reason)
    shown = tuple(reasons.most_common(_REASONS_SHOWN))
    row = Row(outcome, OUTCOME_LABELS[outcome], getattr(accounting, outcome), shown, len(reasons) - len(shown))
    return [row]


def _error_rows(suite: SuiteFacts) -> list[Row]:
    phases: Counter[Phase | None] = Counter(result.phase for result in suite.results if result.outcome == "error")
    labels: dict[Phase | None, str] = {
        "setup": "Error at setup",
        "call": "Error at call",
        "teardown": "Error at teardown",
        "collect": "Error at collection",
        None: "Error, phase not known",
    }
    return [Row("error", label, phases[phase]) for phase, label in labels.items() if phases[phase]]


def _identity(accounting: Accounting, rows: tuple[Row, ...]) -> str:
    total = sum(row.tests for row in rows)
    if accounting.holds():
        return f"The rows add up to {number(total)}, the number of collected tests."
    difference = number(abs(total - accounting.collected))
    return (
        f"The rows add up to {number(total)}, but {number(accounting.collected)} tests were collected: "
        f"the accounting is off by {difference}."
    )


def _uncollectable(joined: Joined, suite: SuiteFacts) -> tuple[UncollectableFile, ...]:
    files = []
    for error in suite.collection_errors:
        group = joined.group_of(error.path)
        files.append(
            UncollectableFile(
                path=error.path,
                error=error_text(error.failure),
                group=group,
                category=joined.category_title(group.category) if group else None,
                cause=joined.cause_by_id.get(joined.cause_of_test.get(error.path, "")),
            )
        )
    return tuple(files)
