"""Stage 5: the case as a document."""

from __future__ import annotations

from pathlib import Path

from kit import report
from kit.facts.case import CaseFacts


def write_report(facts: CaseFacts, folder: Path) -> Path:
    """Write the case as one HTML file, with its JSON twin beside it; returns the path of the HTML."""
    return report.write_report(facts, folder)
