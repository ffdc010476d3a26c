"""A unified diff, taken apart by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kit.facts.fixes import FixOption

_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


@dataclass(frozen=True)
class FilePatch:
    """What a patch does to one file: ``diff`` are its hunks, ``added`` and ``removed`` count lines."""

    path: str
    diff: str
    added: int
    removed: int


@dataclass(frozen=True)
class ModifiedFile:
    """A file, and what each fix does to it; ``fixes`` stand with the number that the fix has in the order of all."""

    path: str
    changes: tuple[tuple[int, FixOption, FilePatch], ...]

    @property
    def added(self) -> int:
        """Lines that come."""
        return sum(change.added for _, _, change in self.changes)

    @property
    def removed(self) -> int:
        """Lines that go."""
        return sum(change.removed for _, _, change in self.changes)


def modified_files(options: Iterable[FixOption]) -> tuple[ModifiedFile, ...]:
    """The files that these options change, in the order of the options."""
    found: dict[str, list[tuple[int, FixOption, FilePatch]]] = {}
    for number, option in enumerate(options, start=1):
        for one in split(option.patch):
            found.setdefault(one.path, []).append((number, option, one))
    return tuple(ModifiedFile(path, tuple(changes)) for path, changes in found.items())


def split(patch: str) -> Iterator[FilePatch]:
    """The parts of a patch, one for each file, without their heads."""
    path, lines, left = "", list[str](), 0
    for line in patch.removesuffix("\n").split("\n"):  # as git cuts: a form feed is part of a line
        if left > 0:
            lines.append(line)
            left -= _weight(line)
        elif hunk := _HUNK.match(line):
            lines.append(line)
            left = sum(int(size or 1) for size in hunk.groups())
        elif line.startswith(("diff --git ", "--- ")) and lines:
            yield _part(path, lines)
            path, lines = _named(line, ""), []
        elif line.startswith(("--- ", "+++ ")):
            path = _named(line, path)
    if lines:
        yield _part(path, lines)


def _weight(line: str) -> int:
    """How many lines of a hunk's two sizes a line is: one of the context counts on both sides."""
    return 0 if line.startswith("\\") else 1 if line.startswith(("+", "-")) else 2


def _named(line: str, known: str) -> str:
    """The path in the head of a file's part; the one that is known where the line has none."""
    if not line.startswith(("--- ", "+++ ")):
        return known
    name = line[4:].partition("\t")[0].removesuffix("\r")
    return known if name == "/dev/null" else name.removeprefix("a/" if line.startswith("-") else "b/")


def _part(path: str, lines: list[str]) -> FilePatch:
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return FilePatch(path, "".join(line.removesuffix("\r") + "\n" for line in lines), added, removed)
