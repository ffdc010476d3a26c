"""Causes and findings that stand at one line are about one thing: the cause links to what the inventory says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kit.causes.building import finding_evidence
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.inventory import Finding


def link_findings(causes: Iterable[Cause], scene: Scene) -> Iterator[Cause]:
    """Each cause with the findings at its first place, where it does not link to them yet."""
    at: dict[tuple[str, int], list[Finding]] = {}
    for finding in scene.inventory.findings:
        for place in dict.fromkeys((place.path, place.line) for place in finding.locations):
            at.setdefault(place, []).append(finding)
    for cause in causes:
        linked = {item.anchor for item in cause.evidence}
        first = cause.locations[:1] if cause.kind != "mapper-collision" else ()  # its evidence is the finding's
        found = [finding for place in first for finding in at.get((place.path, place.line), ())]
        new = [item for one in found if f"#finding-{one.id}" not in linked for item in finding_evidence(one)]
        yield replace(cause, evidence=(*cause.evidence, *new)) if new else cause
