"""What the case comes to: the status pill, the title, the verdict in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from kit.facts.case import CaseFacts
from kit.facts.overview import Judged
from kit.facts.suite import Accounting, SuiteFacts
from kit.facts.wording import counted
from kit.report.joined import Joined
from kit.report.wording import number, one_line

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.inventory import Finding

#: the statuses that a case can have without an earlier case
Status = Literal["CLEAR", "CAUSE FOUND", "FIX MEASURED", "UNEXPLAINED", "INCOMPLETE"]

#: what each status means, for a reader who sees kit's report for the first time
GLOSSES: Final[dict[Status, str]] = {
    "CLEAR": "no test fails, and nothing was found that would block one",
    "CAUSE FOUND": "a cause is named; no fix was measured",
    "FIX MEASURED": "in a copy, not applied",
    "UNEXPLAINED": "tests fail, and no cause is named",
    "INCOMPLETE": "a part of the investigation did not finish",
}

#: the stage that writes this report is still running when it does
REPORT_STAGE = "incident_report"


def unfinished(facts: CaseFacts) -> tuple[str, ...]:
    """Why the case is incomplete, a sentence each; empty when it is complete."""
    reasons = [
        f"Stage {stage.name} {'failed' if stage.outcome == 'failed' else 'did not finish'}: "
        f"{one_line(stage.error or 'no reason was recorded').rstrip('.')}."
        for stage in facts.stages
        if stage.outcome == "failed" or (stage.outcome == "running" and stage.name != REPORT_STAGE)
    ]
    skipped = {stage.name for stage in facts.stages if stage.outcome == "skipped"}
    if not reasons and facts.suite is None:
        reasons.append("The test suite was not run.")
    if not reasons and facts.inventory is None and "mapper_registry" not in skipped:
        reasons.append("The source and the mapper registry were not looked at.")
    if facts.inventory:
        reasons += facts.inventory.losses
    if facts.suite:
        reasons += _unfinished_suite(facts.suite, named=bool(facts.causes))
    return tuple(reasons)


def _unfinished_suite(suite: SuiteFacts, *, named: bool) -> list[str]:
    accounting = suite.accounting
    reasons = []
    # a suite that could not start at all is explained by a cause, if one is named; one that ran and ended early is not
    if suite.problem and (accounting.collected or not named):
        reasons.append(one_line(suite.problem).rstrip(".") + ".")
    if not accounting.holds():
        reasons.append("The outcomes do not add up to the number of collected tests.")
    return reasons


def status_of(facts: CaseFacts) -> Status:
    """The status pill."""
    if unfinished(facts):
        return "INCOMPLETE"
    # a group of failures without a name for what is wrong is listed among the causes, and explains nothing
    named = [cause for cause in facts.causes or () if cause.state != "unknown"]
    if named or (_findings(facts) and not _failing(facts)):
        return "FIX MEASURED" if facts.fixes and facts.fixes.layers else "CAUSE FOUND"
    return "UNEXPLAINED" if facts.causes or _failing(facts) else "CLEAR"


def title_of(facts: CaseFacts) -> str:
    """The report's title: the first cause, or what is known in its place."""
    if facts.causes:
        return one_line(facts.causes[0].title)
    failing = _failing(facts)
    if failing:
        return f"{failing}, no cause named"
    findings = _findings(facts)
    if findings:
        return one_line(findings[0])
    return "The investigation did not finish" if unfinished(facts) else "No failing test and no finding"


def impact_of(cause: Cause, accounting: Accounting | None) -> str:
    """``3,650 of 5,069 collected tests blocked, 2 files cannot be collected``."""
    if cause.kind == "start-refused":
        return "plain pytest runs no test"
    if cause.kind == "session-end":
        return "every test passes, and the run fails at its end"
    collected = accounting.collected if accounting else 0
    if accounting and not collected and not cause.uncollectable:
        return "no test was collected"
    parts = []
    if cause.tests_blocked or not cause.uncollectable:
        of_all = f"{number(cause.tests_blocked)} of {counted(collected, 'collected test')}"
        parts.append(f"{of_all} blocked" if accounting else "no test was run")
    if cause.uncollectable:
        parts.append(f"{counted(len(cause.uncollectable), 'file')} cannot be collected")
    return ", ".join(parts)


def verdict(facts: CaseFacts) -> str:
    """The case in one line: status, the first cause with its impact, how many more there are."""
    status = status_of(facts)
    incomplete = unfinished(facts)
    told = f"{' '.join(incomplete).rstrip('.')}; " if incomplete else ""
    return one_line(f"{status}: {told}{_finding_line(facts)}".removesuffix("; "))


def judged(facts: CaseFacts) -> Judged:
    """What the report says first, for a list of cases."""
    return Judged(status_of(facts), verdict(facts))


def _finding_line(facts: CaseFacts) -> str:
    accounting = Joined(facts).accounting
    if facts.causes:
        more = len(facts.causes) - 1
        rest = f"; {counted(more, 'more cause')}" if more else ""
        return f"{title_of(facts)} ({impact_of(facts.causes[0], accounting)}){rest}"
    if accounting is None:
        return f"first finding: {_findings(facts)[0]}" if _findings(facts) else ""
    if _failing(facts):
        return f"{_failing(facts)}, no cause named ({counted(accounting.collected, 'test')} collected)"
    if _findings(facts):
        found = _findings(facts)
        rest = f"; {counted(len(found) - 1, 'more finding')}" if found[1:] else ""
        return f"{one_line(found[0])} (0 of {counted(accounting.collected, 'collected test')} blocked){rest}"
    return f"{number(accounting.passed)} of {counted(accounting.collected, 'collected test')} passed, {_notes(facts)}"


def _notes(facts: CaseFacts) -> str:
    """``2 notes``: what was found and blocks nothing."""
    notes = len(facts.inventory.findings) if facts.inventory else 0
    return counted(notes, "note") if notes else "no finding"


def _failing(facts: CaseFacts) -> str:
    """``12 failing tests and 2 uncollectable files``; empty when there is neither."""
    if facts.suite is None:
        return ""
    bad, files = facts.suite.accounting.bad, len(facts.suite.collection_errors)
    parts = [counted(bad, "failing test")] if bad else []
    parts += [counted(files, "uncollectable file")] if files else []
    return " and ".join(parts)


def _findings(facts: CaseFacts) -> list[str]:
    """Titles of what the inventory found and what blocks tests, what blocks now first; of collisions where no finding
    was made.
    """
    if facts.inventory is None:
        return []
    found = facts.inventory.findings
    if not found:
        return [f'Multiple mapped classes named "{collision.name}"' for collision in facts.inventory.collisions]
    return [finding.title for finding in by_severity(found) if finding.severity != "smell"]


def by_severity(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Findings with those that block now first."""
    from kit.facts.inventory import Severity

    order = get_args(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))
