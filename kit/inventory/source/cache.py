"""Source facts of earlier runs, kept in the user's cache folder and never in the target."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec

import kit.probes
from kit.facts.target import Target
from kit.inventory.source import records
from kit.inventory.source.records import FileRecord
from kit.target import cache_file as find_cache_file
from kit.target import save_cache_file

_Content = TypeVar("_Content")


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was known of a file when it had this size (bytes) and time of change (ns)."""

    size: int
    mtime_ns: int
    record: FileRecord


def cache_file(target: Target, python: str, what: str = "source") -> Path | None:
    """Where the facts of this target are kept: one file for each Python version and each version of the extractor, in
    the folder ``what``.

    ``None`` when the user's cache folder lies inside the target, where nothing is ever written.
    """
    minor = ".".join(python.split(".")[:2])
    return find_cache_file(target, what, minor, _extractor_version())


def load(file: Path | None) -> dict[str, Entry]:
    """The entries by path; none when there is no cache or it cannot be read."""
    return read(file, dict[str, Entry]) or {}


def read(file: Path | None, kind: type[_Content]) -> _Content | None:
    """What was saved; ``None`` when there is nothing, or nothing of this kind."""
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=kind) if file else None
    except (OSError, msgspec.DecodeError):
        return None


def save(file: Path | None, content: object) -> None:
    """Replace the cache file. If the cache cannot be written, the next run is only slower."""
    save_cache_file(file, msgspec.msgpack.encode(content))


def _extractor_version() -> str:
    """A hash of the extractor and of the shape of its records: another one makes a fresh cache."""
    probes = sorted(Path(kit.probes.FOLDER, "source").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in [*probes, Path(records.__file__)])).hexdigest()
