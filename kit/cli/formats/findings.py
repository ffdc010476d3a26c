"""Findings for a person at a terminal."""

from __future__ import annotations

from kit.facts.inventory import InventoryFacts
from kit.facts.wording import counted


def findings_text(facts: InventoryFacts) -> str:
    """Each finding as a sentence, then its places and its evidence."""
    lines = []
    for finding in facts.findings:
        lines.append(f"{finding.effect}: {finding.title}  [{finding.kind}]")
        lines += [f"    {location}" + (f"  {location.role}" if location.role else "") for location in finding.locations]
        lines += [f"    {evidence}" for evidence in finding.evidence]
    lines.append(f"{counted(len(facts.findings), 'finding')} in {counted(facts.files, 'file')}")
    return "\n".join(lines)
