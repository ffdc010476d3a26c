"""Having source files read by the target's own interpreter, in a process or two."""

from __future__ import annotations

import gc
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from platform import python_version

import msgspec

from kit.facts.target import Interpreter, Target
from kit.inventory.source.records import FileRecord
from kit.platform.processors import usable_processors
from kit.platform.temporary_folders import temporary_folder
from kit.target import run_probe

#: from this many bytes on, two processes read: with less, the second one costs more than it saves
ENOUGH_FOR_TWO = 2_000_000

#: this many new objects are made before Python looks for cycles: records have none
_OBJECTS = 100_000


def extract(target: Target, sizes: Mapping[str, int], timeout_s: float) -> tuple[dict[str, FileRecord], str | None]:
    """Records by path, and the sentence that says what is missing; ``sizes`` are the bytes of each file to read.

    kit's own interpreter reads what the target's leaves out: there is none, it is broken, or it timed out.
    """
    reader = target if target.interpreter else replace(target, interpreter=_own_interpreter())
    records = _read(reader, sizes, timeout_s)
    missing = {path: size for path, size in sizes.items() if path not in records}
    if missing and reader.interpreter and reader.interpreter.executable != sys.executable:
        records |= _read(replace(target, interpreter=_own_interpreter()), missing, timeout_s)
        problem = f"{reader.interpreter.executable} did not read {len(missing):,} source files; kit's own Python did."
        return records, problem
    if missing:
        first = next(iter(missing))
        return records, f"{len(missing):,} source files could not be read in {timeout_s:g} s, {first} is the first."
    return records, None


def _read(target: Target, sizes: Mapping[str, int], timeout_s: float) -> dict[str, FileRecord]:
    """Records by path, from two processes where there is enough to read for both."""
    shares = halves(sizes) if usable_processors() > 1 and sum(sizes.values()) > ENOUGH_FOR_TWO else [list(sizes)]
    with _few_collections(), ThreadPoolExecutor(len(shares)) as pool:
        found = pool.map(lambda share: _read_share(target, share, timeout_s), shares)
        return {record.path: record for records in found for record in records}


@contextmanager
def _few_collections() -> Iterator[None]:
    """Look for cycles less often: that would take most of the time of decoding the records of ten thousand files."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _OBJECTS), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def halves(sizes: Mapping[str, int]) -> list[list[str]]:
    """Two shares of about the same size, in bytes: the largest files are dealt out first."""
    shares: list[list[str]] = [[], []]
    weights = [0, 0]
    for path in sorted(sizes, key=lambda path: -sizes[path]):
        lighter = weights.index(min(weights))
        shares[lighter].append(path)
        weights[lighter] += sizes[path]
    return shares


def _read_share(target: Target, paths: Collection[str], timeout_s: float) -> list[FileRecord]:
    with temporary_folder() as neutral:  # it only reads, and needs no copy of the tree
        request = {"root": target.root, "files": list(paths)}
        run = run_probe(target, "source.main", request, root=neutral, timeout_s=timeout_s)
    return list(_converted(run.records))


def _converted(records: Iterable[object]) -> Iterator[FileRecord]:
    """The records of files. The file of one that has another shape counts as not read."""
    for record in records:
        with suppress(msgspec.ValidationError):
            yield msgspec.convert(record, FileRecord)


def _own_interpreter() -> Interpreter:
    return Interpreter(sys.executable, python_version(), is_kits_own=True)
