"""Findings as annotations of a GitHub workflow run."""

from __future__ import annotations

from kit.facts.inventory import InventoryFacts


def github(facts: InventoryFacts) -> str:
    """One workflow command a finding, at its first place.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for finding in facts.findings:
        level = "warning" if finding.severity == "smell" else "error"
        place = ""
        if finding.locations:
            first = finding.locations[0]
            place = f" file={_property(first.path)},line={first.line},title={_property(finding.kind)}"
        others = ", ".join(map(str, finding.locations[1:]))
        text = finding.title + (f" (also {others})" if others else "")
        lines.append(f"::{level}{place}::{_data(text)}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
