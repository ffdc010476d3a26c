"""Facts for a person at a terminal."""

from __future__ import annotations

from kit.facts.case import CaseFacts
from kit.facts.failures import ExceptionInfo, Group
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import OUTCOMES, SuiteFacts
from kit.report.wording import count


def findings_text(facts: InventoryFacts) -> str:
    """Each finding as a sentence, then its places and its evidence."""
    lines = []
    for finding in facts.findings:
        lines.append(f"{finding.severity.replace('_', ' ')}: {finding.title}  [{finding.kind}]")
        lines += [f"    {location}" + (f"  {location.role}" if location.role else "") for location in finding.locations]
        lines += [f"    {evidence}" for evidence in finding.evidence]
    lines.append(f"{count(len(facts.findings), 'finding')} in {count(facts.files, 'file')}")
    return "\n".join(lines)


def run_text(facts: CaseFacts) -> str:
    """A line for each test that did not pass, the groups, and the accounting identity."""
    suite = facts.suite or SuiteFacts()
    lines = [
        f"{result.outcome.replace('_', ' ')}: {result.nodeid}" + (f"  ({result.reason})" if result.reason else "")
        for result in suite.results
        if result.outcome != "passed"
    ]
    lines += [f"not collected: {error.path}  ({_said(error.failure.raised)})" for error in suite.collection_errors]
    if facts.grouping and facts.grouping.groups:
        lines.append("")
        lines += [
            f"{_extent(group):>12}  {group.signature.exception}: {group.signature.message.partition(chr(10))[0]}"
            for group in facts.grouping.groups
        ]
    counts = suite.accounting
    rows = [f"{number:,} {name.replace('_', ' ')}" for name in OUTCOMES if (number := getattr(counts, name))]
    return "\n".join([*lines, "", f"{counts.collected:,} collected = {' + '.join(rows) or '0'}", ""])


def _extent(group: Group) -> str:
    return count(group.count, "test") if group.count else count(len(group.files), "file")


def _said(raised: ExceptionInfo) -> str:
    return f"{raised.type}: {raised.message.partition(chr(10))[0]}"
