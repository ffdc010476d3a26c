"""Stage 5: the case as a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit import report, suite
from kit.facts.case import CaseFacts


def write_report(facts: CaseFacts, folder: Path) -> Path:
    """Write the case as one HTML file, with its JSON twin beside it; returns the path of the HTML."""
    timeline = suite.read_timeline(folder / "events.jsonl")
    return report.write_report(replace(facts, timeline=timeline), folder)
