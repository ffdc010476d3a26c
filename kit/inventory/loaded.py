"""Compares the findings of the source and the mapper registries with the run of the suite.

The imports of the collected suite decide which collisions are there now and which only wait. A defect that should have
broken the run, and did not, becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kit.facts.inventory import Collision, Finding, InventoryFacts
from kit.facts.places import Location
from kit.facts.suite import SuiteFacts
from kit.inventory.findings import sort_findings
from kit.inventory.findings.duplicate_class import KIND, severity

#: these would keep their file from being imported
_AT_IMPORT = frozenset(
    {
        "comma", "module-not-importable", "no-primary-key", "no-table-name", "reserved-attribute", "table-mapped-twice",
        "unparsable-file", "unresolved-import",
    }
)  # fmt: skip
#: the name of the detail in which a disproved finding keeps its former severity
_BEFORE = "severity before the run"


def judge_by_run(facts: InventoryFacts, suite: SuiteFacts) -> InventoryFacts:
    """The facts as :func:`mark_loaded` has them, where a finding that the run of the suite has disproved is a smell.

    A run disproves that a file cannot be imported by importing it, and that a defect blocks tests by collecting all
    tests together and passing them.
    """
    facts = mark_loaded(replace(facts, findings=tuple(map(_restored, facts.findings))), suite.loaded_modules)
    if not suite.loaded_modules:
        return facts
    return replace(facts, findings=sort_findings([_judged(finding, suite) for finding in facts.findings]))


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


def _judged(finding: Finding, suite: SuiteFacts) -> Finding:
    why = _disproof(finding, suite) if finding.severity != "smell" else None
    if why is None:
        return finding
    return replace(
        finding,
        severity="smell",
        evidence=(*finding.evidence, why),
        details={**finding.details, _BEFORE: finding.severity},
    )


def _restored(finding: Finding) -> Finding:
    """The finding as it was before a run was held against it."""
    before = finding.details.get(_BEFORE)
    details = {name: value for name, value in finding.details.items() if name != _BEFORE}
    if before == "blocks_now":
        return replace(finding, severity="blocks_now", evidence=finding.evidence[:-1], details=details)
    if before == "blocks_when_both_imported":
        return replace(finding, severity="blocks_when_both_imported", evidence=finding.evidence[:-1], details=details)
    return finding


def _disproof(finding: Finding, suite: SuiteFacts) -> str | None:
    """What the run shows against a finding; ``None`` when it shows nothing."""
    paths = frozenset(suite.loaded_modules.values())
    if finding.kind in _AT_IMPORT and _are_imported(finding, suite, paths):
        return "The run disproved it: the collected suite has imported the file"
    accounting = suite.accounting
    is_clean = not (accounting.bad or accounting.not_run or suite.collection_errors or suite.problem)
    if is_clean and accounting.executed and _all_there(finding.locations, paths):
        return f"The run disproved it: {accounting.collected:,} tests were collected together, and none of them failed"
    return None


def _are_imported(finding: Finding, suite: SuiteFacts, paths: frozenset[str]) -> bool:
    modules = finding.details.get("modules")
    if isinstance(modules, list):
        return all(module in suite.loaded_modules for module in modules)
    return _all_there(finding.locations, paths)


def _all_there(places: Iterable[Location], paths: frozenset[str]) -> bool:
    """Whether the suite has imported every file that a finding names."""
    found = {place.path for place in places}
    return bool(found) and found <= paths
