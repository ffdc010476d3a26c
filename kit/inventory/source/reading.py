"""Source facts of a target: every file parsed once, by the target's own interpreter, and then only when it changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from platform import python_version

from kit.facts.target import Target
from kit.inventory import source
from kit.inventory.source import cache
from kit.inventory.source.cache import Entry
from kit.inventory.source.records import FileRecord
from kit.target import CACHES, entries_of, is_installed

#: a larger file holds generated data and is not read, in bytes
LARGEST_FILE = 5_000_000

_NOT_SOURCE = CACHES | {"site-packages", "dist-packages"}


@dataclass(frozen=True)
class SourceFacts:
    """One record a file, sorted by path; ``problems`` are sentences about what could not be read, ``losses`` are those
    of them that keep the facts from being complete.
    """

    files: tuple[FileRecord, ...]
    problems: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """A file on disk, before it is read: ``path`` relative to the root, ``size`` in bytes."""

    path: str
    size: int
    mtime_ns: int


def read_source(target: Target, *, timeout_s: float = 60.0) -> SourceFacts:
    """Read every source file of the target; those that did not change since the last time come from the cache.

    Never raises for what a file holds: one that cannot be parsed has its ``error`` set.
    """
    found = tuple(source_files(target.root))
    files = [file for file in found if file.size <= LARGEST_FILE]
    too_large = [file.path for file in found if file.size > LARGEST_FILE]
    problems = tuple(f"{path} was not read: it is larger than {LARGEST_FILE:,} bytes." for path in too_large)
    stored = cache.cache_file(target, target.interpreter.version if target.interpreter else python_version())
    known = cache.load(stored)
    entries = {file.path: known[file.path] for file in files if _is_current(known.get(file.path), file)}
    changed = [file for file in files if file.path not in entries]
    read = _read(target, changed, timeout_s) if changed else _Read({}, (), ())
    entries |= read.entries
    if changed or len(known) > len(entries):
        cache.save(stored, entries)
    records = tuple(entries[path].record for path in sorted(entries))
    return SourceFacts(records, (*problems, *read.problems), read.losses)


@dataclass(frozen=True)
class _Read:
    """What the target's interpreter has read anew."""

    entries: dict[str, Entry]
    problems: tuple[str, ...]
    losses: tuple[str, ...]


def _read(target: Target, changed: Sequence[SourceFile], timeout_s: float) -> _Read:
    # the face imports what starts processes when it is first used: that takes longer than a run without changes does
    records, problem = source.extract(target, {file.path: file.size for file in changed}, timeout_s)
    there = [file for file in changed if file.path in records]
    entries = {file.path: Entry(file.size, file.mtime_ns, records[file.path]) for file in there}
    problems = (problem,) if problem else ()
    return _Read(entries, problems, problems if len(there) < len(changed) else ())


def source_files(root: str, ending: str = ".py") -> Iterator[SourceFile]:
    """Every file below ``root`` that is the target's own and whose name ends so: no environments, caches, templates,
    hidden folders, links, or what an installation has built.
    """
    folders = [""]
    for folder in folders:  # grows while it is walked
        for entry in entries_of(f"{root}/{folder}"):
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if holds_source(entry.name) and not is_installed(entry.path):
                    folders.append(f"{path}/")
            elif entry.name.endswith(ending) and path.isprintable() and _is_file(entry):
                status = entry.stat()
                yield SourceFile(path, status.st_size, status.st_mtime_ns)


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link that leads in a circle, or into a folder that cannot be read
        return False


def holds_source(folder: str) -> bool:
    """Whether a folder of that name may hold source: no hidden one, cache, or template of a folder (cookiecutter)."""
    return not folder.startswith(".") and folder not in _NOT_SOURCE and "{{" not in folder and "{%" not in folder


def _is_current(entry: Entry | None, file: SourceFile) -> bool:
    return entry is not None and (entry.size, entry.mtime_ns) == (file.size, file.mtime_ns)
