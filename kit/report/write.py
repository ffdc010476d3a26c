"""The report's files, each there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from kit.facts.case import CaseFacts
from kit.masking import cleaned, refuse
from kit.report.files import write_file
from kit.report.incident import build_incident
from kit.report.joined import Joined
from kit.report.json_text import pieces
from kit.report.page_data import without_data
from kit.target import private_folder


def write_report(facts: CaseFacts, folder: Path) -> Path:
    """Write ``incident.html``, ``incident.md`` and ``incident.json`` into ``folder`` (made if needed).

    Returns the path of the page. Each file is written beside its place and then renamed. Raises :class:`OSError` where
    the folder cannot be written.
    """
    page, text = _pages(facts)
    private_folder(folder)
    refuse("incident.html", without_data(page))
    refuse("incident.md", text)
    write_file(folder / "incident.json", _told_in_pieces(facts))
    write_file(folder / "incident.md", (text,))
    return write_file(folder / "incident.html", (page,))


def _pages(facts: CaseFacts) -> tuple[str, str]:
    """The report as HTML and as Markdown. What both are made from is given back before the JSON is made."""
    from kit.report.markdown import render_markdown
    from kit.report.page import (  # templates and highlighting take a while to import; the JSON needs neither
        contents,
        render,
    )

    generated = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    found = contents(Joined(facts))
    return render(facts, generated, found), render_markdown(facts, generated, found)


def _told_in_pieces(facts: CaseFacts) -> Iterator[str]:
    """The report as JSON, masked. Raises :class:`~kit.masking.gate.LeakError` where a piece holds a secret."""
    incident = build_incident(facts)
    tests = incident.pop("tests")  # masked when they were collected, and many
    lines = 0
    for piece in pieces(cleaned(incident), tests):
        refuse("incident.json", piece, lines)
        lines += piece.count("\n")
        yield piece
