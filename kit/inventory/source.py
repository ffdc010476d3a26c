"""Source facts of a target: every file parsed once, by the target's own interpreter, and then only when it changed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from kit.facts.target import Interpreter, Target
from kit.inventory import cache
from kit.inventory.cache import Entry
from kit.inventory.records import FileRecord
from kit.target import run_probe
from kit.target.folders import CACHES, entries_of, is_environment

#: a larger file holds generated data and is not read, in bytes
LARGEST_FILE = 5_000_000

#: so much is read by two processes at once, in bytes: below, the second one costs more than it saves
ENOUGH_FOR_TWO = 2_000_000

_NOT_SOURCE = CACHES | {"site-packages", "dist-packages"}


@dataclass(frozen=True)
class SourceFacts:
    """One record a file, sorted by path; ``problems`` are sentences about what could not be read."""

    files: tuple[FileRecord, ...]
    problems: tuple[str, ...] = ()


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
    problems = [f"{path} was not read: it is larger than {LARGEST_FILE:,} bytes." for path in too_large]
    reader = target if target.interpreter else replace(target, interpreter=_own_interpreter())
    stored = cache.cache_file(target, reader.interpreter.version if reader.interpreter else "")
    known = cache.load(stored)
    entries = {file.path: known[file.path] for file in files if _is_current(known.get(file.path), file)}
    changed = [file for file in files if file.path not in entries]
    if changed:
        records, problem = _extract(reader, changed, timeout_s)
        read = [file for file in changed if file.path in records]
        entries |= {file.path: Entry(file.size, file.mtime_ns, records[file.path]) for file in read}
        problems += [problem] if problem else []
    if changed or len(known) > len(entries):
        cache.save(stored, entries)
    return SourceFacts(tuple(entries[path].record for path in sorted(entries)), tuple(problems))


def source_files(root: str) -> Iterator[SourceFile]:
    """Every Python file below ``root`` that is the target's own: no environments, caches, hidden folders or links."""
    folders = [""]
    for folder in folders:  # grows while it is walked
        for entry in entries_of(f"{root}/{folder}"):
            path = f"{folder}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and entry.name not in _NOT_SOURCE and not is_environment(entry.path):
                    folders.append(f"{path}/")
            elif entry.name.endswith(".py") and path.isprintable() and entry.is_file():
                status = entry.stat()
                yield SourceFile(path, status.st_size, status.st_mtime_ns)


def _extract(target: Target, files: Sequence[SourceFile], timeout_s: float) -> tuple[dict[str, FileRecord], str | None]:
    """Records by path, and the sentence that says what is missing. What the target's interpreter leaves out (it is
    broken, or was killed for its time) is read by kit's own.
    """
    records = _run_extractor(target, files, timeout_s)
    missing = [file for file in files if file.path not in records]
    if missing and target.interpreter and target.interpreter.executable != sys.executable:
        records |= _run_extractor(replace(target, interpreter=_own_interpreter()), missing, timeout_s)
        problem = f"{target.interpreter.executable} did not read {len(missing):,} source files; kit's own Python did."
        return records, problem
    if missing:
        return (
            records,
            f"{len(missing):,} source files could not be read in {timeout_s:g} s, {missing[0].path} is the first.",
        )
    return records, None


def _run_extractor(target: Target, files: Sequence[SourceFile], timeout_s: float) -> dict[str, FileRecord]:
    """Records by path, from two processes where there is enough to read for both."""
    halves = [files[::2], files[1::2]] if sum(file.size for file in files) > ENOUGH_FOR_TWO else [files]
    with ThreadPoolExecutor(len(halves)) as pool:
        found = pool.map(lambda half: _run_one_extractor(target, half, timeout_s), halves)
        return {path: record for records in found for path, record in records.items()}


def _run_one_extractor(target: Target, files: Sequence[SourceFile], timeout_s: float) -> dict[str, FileRecord]:
    with tempfile.TemporaryDirectory() as neutral:  # it only reads, and needs no copy of the tree
        request = {"root": target.root, "files": [file.path for file in files]}
        run = run_probe(target, "source.py", request, root=Path(neutral), timeout_s=timeout_s)
    records = msgspec.convert(run.records, list[FileRecord])
    return {record.path: record for record in records}


def _is_current(entry: Entry | None, file: SourceFile) -> bool:
    return entry is not None and (entry.size, entry.mtime_ns) == (file.size, file.mtime_ns)


def _own_interpreter() -> Interpreter:
    return Interpreter(sys.executable, ".".join(map(str, sys.version_info[:3])), is_kits_own=True)
