"""Reads a file of results from disk. The content decides about the format and the compression, not the name."""

from __future__ import annotations

import bz2
import codecs
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kit.facts.errors import UsageError
from kit.suite.ingest import ctrf, jsonreport, junit, reportlog
from kit.suite.ingest.recorded import FIRST_LINE, BrokenResultsError, Document, Format, Recorded

FORMATS: tuple[Format, ...] = (junit.FORMAT, reportlog.FORMAT, jsonreport.FORMAT, ctrf.FORMAT)

#: bytes, decompressed; the results of 100,000 tests take a third of it
LARGEST_FILE = 100_000_000

CUT_OFF = "The compressed file is cut off or damaged: its end is missing."

#: bytes that are decompressed at once: what comes before a damaged place is kept
_CHUNK = 65_536

#: how a compressed file starts, and what decompresses it; pytest-reportlog writes all three
_COMPRESSIONS: Mapping[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": lzma.LZMADecompressor,
}

#: how a file starts that people take for results, and what to do instead
_OTHERS = (
    (re.compile(r"\APK\x03\x04"), "is a ZIP archive: unpack it, and name the files of results in it"),
    (
        re.compile(r"\A(?:TAP version \d+$|(?:#.*\n)*1\.\.\d+$|(?:not )?ok 1\b)", re.MULTILINE),
        "is TAP, which names no tracebacks: let pytest write JUnit XML too, with --junitxml",
    ),
    (
        re.compile(r"^=+ test session starts =+$", re.MULTILINE),
        "is what pytest printed, which is cut short: let it write JUnit XML, with --junitxml",
    ),
)

_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.-]+)["']""")


@dataclass(frozen=True)
class ResultsFile:
    """What one file says. ``name`` is that of the file, without its folder."""

    name: str
    format: str
    recorded: Recorded


def read_file(path: Path) -> ResultsFile:
    """Read one file of results. Raises :class:`UsageError` with one sentence when the file cannot be used."""
    data, cut = _unpacked(path, _bytes(path))
    document = Document(_text(data))
    form = next((form for form in FORMATS if form.recognises(document)), None)
    if form is None:
        raise UsageError(f"{path} {_unknown(document)}.")
    try:
        recorded = form.read(document)
    except BrokenResultsError as error:
        raise UsageError(" ".join((f"{path} {error}.", *cut))) from error
    recorded = replace(recorded, problems=(*cut, *recorded.problems))
    return ResultsFile(path.name, form.name, recorded)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name the files of results in it.")
        _check_size(path, path.stat().st_size)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{path} cannot be read: {reason}.") from error


def _check_size(path: Path, size: int) -> None:
    if size > LARGEST_FILE:
        raise UsageError(
            f"{path} has {size / 1e6:,.0f} MB, and results are read up to {LARGEST_FILE / 1e6:.0f} MB: "
            "record the run in several files, and name them all."
        )


def _unpacked(path: Path, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Decompress ``data`` if it is compressed. A cut-off stream gives what can be read, and a sentence that says so."""
    start = next((start for start in _COMPRESSIONS if data.startswith(start)), None)
    if start is None:
        return data, ()
    parts: list[bytes] = []
    is_whole = False
    try:
        for part, ends in _decompressed(_COMPRESSIONS[start], data):
            parts.append(part)
            is_whole = ends
            if sum(map(len, parts)) > LARGEST_FILE:
                raise UsageError(f"{path} has more than {LARGEST_FILE / 1e6:.0f} MB when it is decompressed.")
    except (zlib.error, lzma.LZMAError, OSError, EOFError):
        is_whole = False
    if not any(parts) and not is_whole:
        raise UsageError(f"{path} is compressed, and cut off or damaged.")
    return b"".join(parts), () if is_whole else (CUT_OFF,)


def _decompressed(new_stream: Callable[[], Any], data: bytes) -> Iterator[tuple[bytes, bool]]:
    """The parts of one or more compressed streams in a row, and whether a stream is complete with each."""
    stream = new_stream()
    for start in range(0, len(data), _CHUNK):
        rest = data[start : start + _CHUNK]
        while rest:
            if stream.eof:
                stream = new_stream()
            part = stream.decompress(rest)
            rest = stream.unused_data.lstrip(b"\0") if stream.eof else b""
            yield part, stream.eof


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
    if other := next((says for pattern, says in _OTHERS if pattern.search(document.text[:FIRST_LINE])), None):
        return other
    if document.text.lstrip()[0] in "{[" and document.json is None and document.first_line is None:
        return "is broken JSON"
    known = ", ".join(form.name for form in FORMATS)
    return f"holds no results that kit knows ({known})"
