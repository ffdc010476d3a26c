"""Patches whose lines hold secrets: a case keeps them masked, and the files themselves have what was masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kit.facts.errors import UsageError
from kit.facts.fixes import FixOption
from kit.masking import MASK

_FILE = re.compile(r"--- (?:a/)?(?P<path>[^\t\n]+)")
_HUNK = re.compile(r"@@ -(?P<start>\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")


def with_secrets(option: FixOption, root: Path) -> str:
    """Its patch with what masking took out of it, read from the files below ``root`` that it changes.

    Raises :class:`UsageError` where a new line holds a secret that no removed line of its hunk has.
    """
    is_masked = option.patch.count(MASK) > option.asterisks
    return "".join(_restored(option.patch, root)) if is_masked else option.patch


def _restored(patch: str, root: Path) -> Iterator[str]:
    path, lines, number, removed = "", list[str](), 0, list[str]()
    for line in patch.splitlines(keepends=True):
        if named := _FILE.match(line):
            path = named["path"]
            lines = _lines(root / path)
        elif hunk := _HUNK.match(line):
            number, removed = int(hunk["start"]) - 1, []
        elif line[:1] in " -":
            real = _in_file(line[1:], lines, number) if MASK in line else None
            if real is not None:
                removed += real.groups() if line[0] == "-" else ()
                line = f"{line[0]}{real[0]}\n"
            number += 1
        elif line.startswith("+") and MASK in line:
            line = _with(line, removed, path)
        yield line


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape").split("\n")
    except OSError:
        return []


def _in_file(line: str, lines: list[str], number: int) -> re.Match[str] | None:
    """The line of the file that looks so when it is masked: the one with this number, or the only one. Its groups are
    what was masked. A patch before this one may have moved it.
    """
    masked = re.compile("(.+?)".join(map(re.escape, line.rstrip("\n").split(MASK))))
    if number < len(lines) and (found := masked.fullmatch(lines[number])):
        return found
    like = [found for one in lines if (found := masked.fullmatch(one))]
    return like[0] if len(like) == 1 else None


def _with(line: str, removed: list[str], path: str) -> str:
    parts = line.split(MASK)
    if len(removed) < len(parts) - 1:
        raise UsageError(
            f"The patch writes a secret into {path}, which the case does not keep: make that change by hand."
        )
    given = [removed.pop(0) for _ in parts[1:]]
    return parts[0] + "".join(secret + part for secret, part in zip(given, parts[1:], strict=True))
