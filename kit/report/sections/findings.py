"""What the source and the mapper registry say by themselves, and what the run-time probe met."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.inventory import Finding, ProbeError
from kit.facts.predictions import Foreseen
from kit.report import pictures
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.status import by_severity


@dataclass(frozen=True)
class FindingCard:
    """A finding with its anchor; ``details`` are names and values in words. ``picture`` are the tables around it, and
    ``collision`` is the anchor of the collision where they are drawn already.
    """

    finding: Finding
    anchor: str
    severity: str
    details: tuple[tuple[str, str], ...]
    picture: Markup | None
    collision: str | None


@dataclass(frozen=True)
class Findings:
    """The findings in ``files`` source files, what test files would miss when each runs alone, and what could not be
    looked at.
    """

    cards: tuple[FindingCard, ...]
    files: int
    foreseen: tuple[Foreseen, ...]
    runtime_errors: tuple[ProbeError, ...]
    problems: tuple[str, ...]


def view(joined: Joined) -> Findings | None:
    """Findings, the blocking ones first; ``None`` when the source was not looked at."""
    inventory = joined.facts.inventory
    if inventory is None:
        return None
    findings = by_severity(inventory.findings)
    collisions = {f"duplicate-class:{one.id}": anchor("collision", one.id) for one in joined.collisions}
    drawn = pictures.of_findings((one for one in findings if one.id not in collisions), inventory.mapped_classes)
    return Findings(
        cards=tuple(_card(one, drawn.get(one.id), collisions.get(one.id)) for one in findings),
        files=inventory.files,
        foreseen=inventory.foreseen,
        runtime_errors=inventory.runtime_errors,
        problems=inventory.problems,
    )


def _card(finding: Finding, picture: Markup | None, collision: str | None) -> FindingCard:
    details = tuple((name, _value(value)) for name, value in finding.details.items() if value is not None)
    severity = finding.effect.capitalize()
    return FindingCard(finding, anchor("finding", finding.id), severity, details, picture, collision)


def _value(value: str | int | bool | list[str] | None) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
