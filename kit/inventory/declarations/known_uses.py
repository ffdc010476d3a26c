"""The lines of an app that use libraries in certain ways; a file is searched when it, or the question, has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from kit.facts.places import Location
from kit.facts.target import Target
from kit.inventory.declarations import either_way, library_uses, patterns, trees
from kit.inventory.declarations.library_uses import Use, places_of, uses_in
from kit.inventory.declarations.patterns import SoughtUses
from kit.inventory.declarations.trees import Trees
from kit.inventory.source import cache
from kit.inventory.source.reading import LARGEST_FILE, source_files
from kit.inventory.source.records import FileRecord
from kit.target import cache_file

#: another one of these modules finds other lines
_SEARCH = (library_uses, patterns, either_way, trees)


class _Searched(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was found in a file when it had this size (bytes) and time of change (ns)."""

    size: int
    mtime_ns: int
    uses: tuple[Use, ...]


class _Answer(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The files that were searched, by path, with the ``question`` they were searched for."""

    question: str
    files: dict[str, _Searched]


def library_uses_of(
    target: Target, wanted: Mapping[str, Sequence[str]], modules: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Location, ...]]:
    """As :meth:`Declarations.library_uses`, of the target's source as it is now. The answer to the last question is
    kept in the user's cache.
    """
    files = [file for file in source_files(target.root) if file.size <= LARGEST_FILE]
    source = Trees(target.path, [FileRecord(file.path) for file in files])
    stored = cache_file(target, "uses")
    question = _question(wanted, modules)
    sought: SoughtUses | None = None
    answer = cache.read(stored, _Answer)
    known = answer.files if answer and answer.question == question else {}
    searched: dict[str, _Searched] = {}
    for file in sorted(files, key=lambda one: one.path):
        before = known.get(file.path)
        if before and (before.size, before.mtime_ns) == (file.size, file.mtime_ns):
            searched[file.path] = before
        else:
            sought = sought or SoughtUses(wanted, modules)
            uses = tuple(uses_in(source, file.path, sought))
            searched[file.path] = _Searched(file.size, file.mtime_ns, uses)
    if searched != known:
        cache.save(stored, _Answer(question, searched))
    return places_of((path, one.uses) for path, one in searched.items())


def _question(wanted: Mapping[str, Sequence[str]], modules: Mapping[str, Sequence[str]]) -> str:
    """A hash of what is searched for, and of the code that searches."""
    code = [Path(module.__file__ or "").read_bytes() for module in _SEARCH]
    return hashlib.sha256(b"\0".join([*code, msgspec.msgpack.encode([wanted, modules])])).hexdigest()
