"""The report's files, each there as a whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.case import CaseFacts
from kit.masking import cleaned, escaped_json, refuse
from kit.report.files import utf8, write_file
from kit.report.incident import build_incident
from kit.report.joined import Joined
from kit.target import private_folder


def write_report(facts: CaseFacts, folder: Path) -> Path:
    """Write ``incident.html``, ``incident.md`` and ``incident.json`` into ``folder`` (made if needed).

    Returns the path of the page. Each file is written beside its place and then renamed. Raises :class:`OSError` where
    the folder cannot be written.
    """
    page, text = _pages(facts)
    data = _indented(_incident(facts))
    private_folder(folder)
    refuse("incident.html", page)
    refuse("incident.md", text)
    refuse("incident.json", data)
    write_file(folder / "incident.json", data)
    write_file(folder / "incident.md", text)
    return write_file(folder / "incident.html", page)


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


def _incident(facts: CaseFacts) -> dict[str, Any]:
    """The report as data, masked."""
    incident = build_incident(facts)
    tests = incident.pop("tests")  # masked when they were collected, and many
    return {**cleaned(incident), "tests": tests}


def _indented(value: Any) -> str:
    """JSON with a line for each value. json's own indenting takes ten times as long as encoding without."""
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, which json takes
        text = utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return escaped_json(msgspec.json.format(text, indent=1).decode()) + "\n"
