"""Findings that block nothing are notes of the inventory: without a test that shows them, they are not causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause


def without_notes(causes: Iterable[Cause], scene: Scene) -> Iterator[Cause]:
    """The causes, without those that no test shows and that rest on smells alone, as when a run has disproved them."""
    smells = {f"#finding-{finding.id}" for finding in scene.inventory.findings if finding.severity == "smell"}
    for cause in causes:
        told = {item.anchor for item in cause.evidence if (item.anchor or "").startswith("#finding-")}
        if cause.groups or cause.tests or not told or not told <= smells:
            yield cause
