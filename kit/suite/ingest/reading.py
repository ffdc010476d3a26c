"""From a file on disk to what it says: its format is told by its content, and what is wrong with it in a sentence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from kit.facts.errors import UsageError
from kit.suite.ingest import ctrf, jsonreport, junit, reportlog
from kit.suite.ingest.recorded import BrokenResultsError, Document, Format, Recorded

FORMATS: tuple[Format, ...] = (junit.FORMAT, reportlog.FORMAT, jsonreport.FORMAT, ctrf.FORMAT)

#: bytes; the results of 100,000 tests take a third of it
LARGEST_FILE = 100_000_000

_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.-]+)["']""")


@dataclass(frozen=True)
class ResultsFile:
    """What one file says. ``name`` is the file's own, without its folder."""

    name: str
    format: str
    recorded: Recorded


def read_file(path: Path) -> ResultsFile:
    """Read one file of results. Raises :class:`UsageError` with the sentence that says why it cannot be used."""
    document = Document(_text(_bytes(path)))
    form = next((form for form in FORMATS if form.recognises(document)), None)
    if form is None:
        raise UsageError(f"{path} {_unknown(document)}.")
    try:
        return ResultsFile(path.name, form.name, form.read(document))
    except BrokenResultsError as error:
        raise UsageError(f"{path} {error}.") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name the files of results in it.")
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UsageError(
                f"{path} has {size / 1e6:,.0f} MB, and results are read up to {LARGEST_FILE / 1e6:.0f} MB: "
                "record the run in several files, and name them all."
            )
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{path} cannot be read: {reason}.") from error


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    named = _XML_ENCODING.match(data)
    try:
        return data.decode(named[1].decode() if named else "utf-8-sig", "replace").removeprefix("\ufeff")
    except LookupError:
        return data.decode("utf-8-sig", "replace")


def _unknown(document: Document) -> str:
    if not document.text.strip():
        return "is empty"
    if document.text.lstrip()[0] in "{[" and document.json is None and document.first_line is None:
        return "is broken JSON"
    known = ", ".join(form.name for form in FORMATS)
    return f"holds no results that kit knows ({known})"
