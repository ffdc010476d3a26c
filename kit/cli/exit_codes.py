"""What a case's facts mean for the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit.facts.case import CaseFacts

if TYPE_CHECKING:
    from kit.facts.inventory import Finding


def exit_code(facts: CaseFacts) -> int:
    """4 when the real tree changed while its tests ran; else 1 when causes, failures or blocking findings were found,
    3 when the suite could not be looked at, and 0.

    "Nothing found" is only said of a suite that ran: a case without one test is no clean bill.
    """
    findings = facts.inventory.findings if facts.inventory else ()
    suite = facts.suite
    if suite and suite.touched:
        return 4
    if facts.causes or blocking(findings) or (suite and (suite.accounting.bad or suite.collection_errors)):
        return 1
    if suite is None or suite.problem or not suite.accounting.executed:
        return 3
    return 0


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that block tests, now or when an import brings the parties together."""
    return tuple(finding for finding in findings if finding.severity != "smell")
