"""The report's files, each there as a whole or not at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.case import CaseFacts
from kit.masking import cleaned, refuse
from kit.report.files import utf8, write_file
from kit.report.incident import build_incident
from kit.report.joined import Joined
from kit.target import private_folder


def write_report(facts: CaseFacts, folder: Path) -> Path:
    """Write ``incident.html``, ``incident.md`` and ``incident.json`` into ``folder`` (made if needed).

    Returns the path of the page. Each file is written beside its place and then renamed. Raises :class:`OSError` where
    the folder cannot be written.
    """
    from kit.report.markdown import render_markdown
    from kit.report.page import (  # templates and highlighting take a while to import; the JSON needs neither
        contents,
        render,
    )

    generated = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    found = contents(Joined(facts))
    page, text = render(facts, generated, found), render_markdown(facts, generated, found)
    incident = build_incident(facts)
    tests = incident.pop("tests")  # masked when they were collected, and many
    data = _indented({**cleaned(incident), "tests": tests})
    private_folder(folder)
    refuse("incident.html", page)
    refuse("incident.md", text)
    refuse("incident.json", data)
    write_file(folder / "incident.json", data)
    write_file(folder / "incident.md", text)
    return write_file(folder / "incident.html", page)


def _indented(value: Any) -> str:
    """JSON with a line for each value. json's own indenting takes ten times as long as encoding without."""
    # json takes half a surrogate pair, msgspec does not
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return msgspec.json.format(utf8(text), indent=1).decode() + "\n"
