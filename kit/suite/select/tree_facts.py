"""The facts of all files of a tree: read only where a file has changed since they were last read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import msgspec

from kit.suite.select.source_facts import FileDigests, digest_of, source_facts, text_facts
from kit.target import CACHES, entries_of, is_environment

#: folders with records of tools, which no test reads
LEFT_OUT = CACHES | {".coverage", ".git", ".hg", ".svn", ".jj", ".idea", ".vscode", ".hypothesis", ".testmondata"}

#: a larger file that is not Python is known by its size and time, in bytes
_LARGE = 4_000_000


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when it was read: size, time of change in nanoseconds, and its facts."""

    size: int
    changed_ns: int
    facts: FileDigests


class TreeFacts:
    """``files`` are the files by their path below the root, ``seen`` the same with what tells that one has changed."""

    def __init__(self, seen: Mapping[str, Seen]) -> None:
        self.seen = dict(seen)
        self.files = {path: one.facts for path, one in self.seen.items()}

    @classmethod
    def read(cls, root: Path, known: Mapping[str, Seen]) -> TreeFacts:
        """Read the tree; ``known`` is what was read before. The functions of what is new have to be
        :meth:`compiled`.
        """
        seen: dict[str, Seen] = {}
        for path, one in _read(root, known):
            seen[path] = _both(seen[path], one) if path in seen else one
        return cls(seen)

    def with_files(self, files: Mapping[str, bytes | None]) -> TreeFacts:
        """The same tree with other content of some files; ``None``: a file that is not there."""
        seen = {path: one for path, one in self.seen.items() if path not in files}
        for path, data in files.items():
            if data is not None:
                seen[path] = Seen(len(data), 0, _facts(path, data))
        return TreeFacts(seen)

    def compiled(self, root: Path, paths: Iterable[str]) -> TreeFacts:
        """The same tree with the functions of these files; those that have changed since they were read stay texts."""
        seen = dict(self.seen)
        for path in paths:
            if path in seen:
                seen[path] = self.compiled_file(root, path)
        return TreeFacts(seen)

    def compiled_file(self, root: Path, path: str) -> Seen:
        """One file of the tree with its functions."""
        one = self.seen[path]
        if one.facts.is_compiled or not path.endswith(".py"):
            return one
        with suppress(OSError):
            data = (root / path).read_bytes()
            if digest_of(data) == one.facts.text:
                return Seen(one.size, one.changed_ns, source_facts(data, one.facts))
        return one

    def with_compiled(self, files: Mapping[str, Seen]) -> TreeFacts:
        """The same tree with these files, which have been compiled."""
        return TreeFacts({**self.seen, **files})

    @cached_property
    def digest(self) -> bytes:
        """The digest of all that may run."""
        return digest_of(
            b"".join(path.encode("utf-8", "replace") + one.code for path, one in sorted(self.files.items()))
        )

    @cached_property
    def reads_docs(self) -> bool:
        """Whether something in the tree reads docstrings."""
        return any(one.reads_docs for one in self.files.values())

    @cached_property
    def reads_source(self) -> bool:
        """Whether something in the tree reads source or lines."""
        return any(one.reads_source for one in self.files.values())

    @cached_property
    def code_readers(self) -> tuple[str, ...]:
        """The files that may look at compiled code."""
        return tuple(sorted(path for path, one in self.files.items() if one.reads_code))


def _read(root: Path, known: Mapping[str, Seen]) -> Iterator[tuple[str, Seen]]:
    folders = [""]
    for folder in folders:  # grows while it is walked
        for entry in entries_of(f"{root}/{folder}"):
            path = f"{folder}{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in LEFT_OUT and not is_environment(entry.path):
                        folders.append(f"{path}/")
                elif entry.is_file() and entry.name not in LEFT_OUT and not entry.name.endswith((".pyc", ".pyo")):
                    name = _as_kept(path)
                    yield name, _seen(entry, known.get(name))
            except OSError:
                continue  # it is gone, or cannot be read by the tests either


def _as_kept(path: str) -> str:
    """A path as the probes send it and the record can hold it: "?" for what is not UTF-8 in a name."""
    return path.encode("utf-8", "replace").decode()


def _both(one: Seen, other: Seen) -> Seen:
    """Two files whose names are kept alike: a change of either is a change of it."""
    return Seen(-1, 0, text_facts(one.facts.text + other.facts.text))


def _seen(entry: os.DirEntry[str], known: Seen | None) -> Seen:
    status = entry.stat()
    if known and (known.size, known.changed_ns) == (status.st_size, status.st_mtime_ns):
        return known
    if status.st_size > _LARGE:
        facts = text_facts(f"{status.st_size} {status.st_mtime_ns}".encode())
    else:
        data = Path(entry.path).read_bytes()
        facts = known.facts if known and known.facts.text == digest_of(data) else text_facts(data)
    return Seen(status.st_size, status.st_mtime_ns, facts)


def _facts(path: str, data: bytes) -> FileDigests:
    return source_facts(data) if path.endswith(".py") else text_facts(data)
