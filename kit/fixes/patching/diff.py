"""Changed files as one unified diff that ``git apply`` and ``patch -p1`` take.

The lines of a file keep their ends, so that files with CRLF, and files without a final newline, are patched as they
are. https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file\n"


@dataclass(frozen=True)
class Edit:
    """A file before and after, decoded; ``before`` is ``None`` for a new file, ``after`` for one that goes."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Size:
    """How much a patch changes."""

    files: tuple[str, ...]
    added: int
    removed: int


def make_patch(edits: Sequence[Edit], prefix: str = "", context: int = _CONTEXT) -> str:
    """The edits as one diff, sorted by path. ``prefix`` is the target's folder in its repository: ``app/``; ``context``
    the number of lines that are shown around a change.
    """
    changed = sorted((edit for edit in edits if edit.before != edit.after), key=lambda edit: edit.path)
    return "".join("".join(_of_file(edit, prefix, context)) for edit in changed)


def size_of(edits: Sequence[Edit]) -> Size:
    """The files that change, and how many lines come and go."""
    changed = [edit for edit in edits if edit.before != edit.after]
    lines = [line for edit in changed for line in _hunks(edit)]
    added = sum(line.startswith("+") for line in lines)
    removed = sum(line.startswith("-") for line in lines)
    return Size(tuple(sorted(edit.path for edit in changed)), added, removed)


def edits_of(before: Mapping[str, str], after: Mapping[str, str | None]) -> tuple[Edit, ...]:
    """Edits from texts by path; a path that ``before`` lacks is a new file."""
    return tuple(Edit(path, before.get(path), text) for path, text in after.items())


def _of_file(edit: Edit, prefix: str, context: int) -> Iterator[str]:
    path = prefix + edit.path
    yield f"diff --git a/{path} b/{path}\n"
    if edit.before is None:
        yield "new file mode 100644\n"
    if edit.after is None:
        yield "deleted file mode 100644\n"
    yield f"--- {'/dev/null' if edit.before is None else f'a/{path}'}\n"
    yield f"+++ {'/dev/null' if edit.after is None else f'b/{path}'}\n"
    yield from _hunks(edit, context)


def _hunks(edit: Edit, context: int = _CONTEXT) -> Iterator[str]:
    diff = difflib.unified_diff(_lines(edit.before), _lines(edit.after), n=context)
    for line in list(diff)[2:]:  # without difflib's own file names
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n"
            yield _NO_NEWLINE


def _lines(text: str | None) -> list[str]:
    """The lines with their ends, cut at ``\\n`` only: to diff tools a lone ``\\r`` or a form feed is part of a line."""
    if not text:
        return []
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
