"""What a unified diff says it changes: its files, and its hunks.

https://git-scm.com/docs/diff-format#generate_patch_text_with_p
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HUNK = re.compile(r"@@ -(?P<start>\d+)(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")
_NAMED = re.compile(r"(?:---|\+\+\+|(?:rename|copy) (?:from|to)) (?P<path>\"(?:[^\"\\]|\\.)*\"|[^\t\r\n]+)")
_GIT = re.compile(r"diff --git (?P<path>\"?a/.*)")
_ESCAPE = re.compile(r"\\(?:(?P<octal>[0-7]{3})|(?P<letter>.))")
_LETTERS = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_NOTHING = "/dev/null"


@dataclass(frozen=True)
class Hunk:
    """A part of a patch: the file that it changes, its number in that file, and the line of the old file at which it
    begins.
    """

    path: str
    number: int
    start: int


def touched(patch: str) -> tuple[str, ...]:
    """The files that a patch names, without ``a/`` and ``b/``, in their order; renames and changes of mode as well.

    A path that begins with ``/`` is outside of every tree, and keeps it.
    """
    return tuple(dict.fromkeys(_without_prefix(path) for _, path in _headers(patch) if path))


def hunks_of(patch: str) -> tuple[Hunk, ...]:
    """The hunks of a patch in their order."""
    found: list[Hunk] = []
    path = ""
    for line, named in _headers(patch):
        path = _without_prefix(named) if named else path
        if hunk := _HUNK.match(line):
            number = sum(one.path == path for one in found) + 1
            found.append(Hunk(path, number, int(hunk["start"])))
    return tuple(found)


def below(patch: str, folder: str) -> str:
    """A patch whose paths begin at the root of a repository, with paths that begin at ``folder`` (``"service/"``) in
    it; as it is where it names a file outside of the folder.
    """
    files = touched(patch)
    if not folder or not files or not all(path.startswith(folder) for path in files):
        return patch
    lines = _lines(patch)
    for number in _header_numbers(patch):
        lines[number] = re.sub(rf"(?<=[ \"/]){re.escape(folder)}", "", lines[number])
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends, cut at ``\\n`` only: to diff tools a lone ``\\r`` or a form feed is part of a line."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _headers(patch: str) -> Iterator[tuple[str, str]]:
    """Each line outside of hunks and the first of each hunk, with the path that it names (empty: none)."""
    lines = _lines(patch)
    for number in _header_numbers(patch):
        line = lines[number]
        if found := _NAMED.match(line):
            path = _unquoted(found["path"])
            yield line, "" if path == _NOTHING else f"a/{path}" if line.startswith(("rename", "copy")) else path
        elif (git := _GIT.match(line)) and (both := _of_both(git["path"].rstrip("\r\n"))):
            yield line, both
        else:
            yield line, ""


def _header_numbers(patch: str) -> Iterator[int]:
    """The numbers of the lines that :func:`_headers` reads: what a hunk takes away or adds is none of them."""
    old = new = 0
    for number, line in enumerate(_lines(patch)):
        if old <= 0 and new <= 0:
            yield number
            if hunk := _HUNK.match(line):
                old, new = int(hunk["old"] or 1), int(hunk["new"] or 1)
        elif not line.startswith("\\"):
            old -= not line.startswith("+")
            new -= not line.startswith("-")


def _of_both(paths: str) -> str | None:
    """The path of ``a/PATH b/PATH``; ``None`` for two different ones, which other lines name."""
    half = len(paths) // 2
    one, other = _unquoted(paths[:half]), _unquoted(paths[half + 1 :])
    return one if one[2:] == other[2:] else None


def _without_prefix(path: str) -> str:
    return path if path.startswith("/") else path.partition("/")[2] or path


def _unquoted(path: str) -> str:
    """A path as it is: git puts one with unusual characters in quotes, and writes their bytes as octal numbers."""
    if not path.startswith('"'):
        return path
    data, at = bytearray(), 0
    inner = path[1:-1]
    for found in _ESCAPE.finditer(inner):
        data += inner[at : found.start()].encode()
        letter = found["letter"]
        data.append(int(found["octal"], 8) if found["octal"] else _LETTERS.get(letter, ord(letter)))
        at = found.end()
    return (bytes(data) + inner[at:].encode()).decode("utf-8", "surrogateescape")
