"""One finding for a relationship that source and the running target both complain of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kit.facts.inventory import Finding
from kit.inventory.findings import back_populates, join_condition, mapper_configuration, relationship_target

_OF_SOURCE = frozenset(
    {back_populates.KIND, join_condition.KIND, relationship_target.NOWHERE, relationship_target.NEVER_IMPORTED}
)


def join_sides(findings: Sequence[Finding]) -> list[Finding]:
    """Join the findings that source has about a relationship with the error of its configuration: in the title, since
    the error says what is wrong, and in the evidence. ``details["source"]`` keeps the ids of the joined findings.
    """
    configured = {
        place: finding.id
        for finding in findings
        if finding.kind == mapper_configuration.KIND
        for place in reversed(finding.locations)
        if place.role == "relationship"
    }
    in_source: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind in _OF_SOURCE and finding.locations[0] in configured:
            in_source[configured[finding.locations[0]]].append(finding)
    joined = {finding.id for group in in_source.values() for finding in group}
    return [_with(finding, in_source.get(finding.id, ())) for finding in findings if finding.id not in joined]


def _with(finding: Finding, in_source: Sequence[Finding]) -> Finding:
    if not in_source:
        return finding
    first = next((one for one in in_source if one.locations[0] == finding.locations[0]), None)
    seen = [line for one in in_source for line in (*((one.title,) if one is not first else ()), *one.evidence)]
    places = [place for one in in_source for place in one.locations]
    return replace(
        finding,
        title=first.title if first else finding.title,
        locations=tuple(dict.fromkeys([*finding.locations, *places])),
        evidence=(*finding.evidence, *dict.fromkeys(seen)),
        details={**finding.details, "source": [one.id for one in in_source]},
    )
