"""Source facts of files as a commit has them: each content is parsed once, however many commits have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from platform import python_version

import msgspec

from kit.facts.target import Target
from kit.inventory import source
from kit.inventory.source import cache
from kit.inventory.source.at_once import read_at_once
from kit.inventory.source.reading import LARGEST_FILE, SourceFacts, holds_source
from kit.inventory.source.records import FileRecord


class BlobRecords:
    """The records of contents that were read before, by the id that git has for them; kept in the user's cache."""

    def __init__(self, target: Target) -> None:
        """``target`` says which interpreter reads, and whose cache this is."""
        self._target = target
        version = target.interpreter.version if target.interpreter else python_version()
        self._stored = cache.cache_file(target, version, "blobs")
        self._known = {blob: entry.record for blob, entry in cache.load(self._stored).items()}
        self._is_changed = False

    def read(self, root: Path, blobs: Mapping[str, str], *, timeout_s: float = 60.0) -> SourceFacts:
        """The facts of the files at these paths below ``root``, each with the id of its content."""
        missing = {path: (root / path).stat().st_size for path, blob in blobs.items() if blob not in self._known}
        problems: tuple[str, ...] = ()
        if missing:
            target = replace(self._target, root=str(root))
            records = read_at_once(target, missing)  # a commit after the first one has few contents of its own
            rest = {path: size for path, size in missing.items() if path not in records}
            more, problem = source.extract(target, rest, timeout_s) if rest else ({}, None)
            self._known |= {blobs[path]: record for path, record in (records | more).items()}
            self._is_changed = True
            problems = (problem,) if problem else ()
        there = [(path, self._known[blob]) for path, blob in sorted(blobs.items()) if blob in self._known]
        files = tuple(_at(record, path) for path, record in there)
        return SourceFacts(files, problems, problems if len(files) < len(blobs) else ())

    def save(self) -> None:
        """Keep what was read for the next time."""
        if self._is_changed:
            cache.save(self._stored, {blob: cache.Entry(0, 0, record) for blob, record in self._known.items()})


def _at(record: FileRecord, path: str) -> FileRecord:
    return record if record.path == path else msgspec.structs.replace(record, path=path)


def source_paths(sizes: Mapping[str, int]) -> Iterable[str]:
    """Of the files of a commit, with their sizes in bytes: those that are source to read, as on disk."""
    for path, size in sizes.items():
        *folders, name = path.split("/")
        if name.endswith(".py") and size <= LARGEST_FILE and path.isprintable() and all(map(holds_source, folders)):
            yield path
