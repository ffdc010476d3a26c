"""What the collected suite has imported decides which collisions are there, and which only wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kit.facts.inventory import Collision, InventoryFacts
from kit.inventory.findings import sort_findings
from kit.inventory.findings.duplicate_class import KIND, severity


def mark_loaded(facts: InventoryFacts, loaded_modules: Mapping[str, str]) -> InventoryFacts:
    """The facts with ``Collision.loaded`` set and the severity of each duplicate class judged again.

    ``loaded_modules`` maps the target's modules that were imported when collection ended to their paths, relative to
    the root; when it is empty nothing was collected, and nothing is known.
    """
    if not loaded_modules:
        return facts
    paths = frozenset(loaded_modules.values())
    collisions = tuple(replace(one, loaded=_is_loaded(one, paths)) for one in facts.collisions)
    severities = {f"{KIND}:{one.id}": severity(one, paths) for one in collisions}
    findings = [replace(one, severity=severities.get(one.id, one.severity)) for one in facts.findings]
    return replace(facts, collisions=collisions, findings=sort_findings(findings))


def _is_loaded(collision: Collision, paths: frozenset[str]) -> bool:
    return sum(party.mapped.path in paths for party in collision.classes) > 1
