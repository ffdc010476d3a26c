"""Whom a cause concerns: the owners of its places, as GitHub reads them from ``CODEOWNERS``.

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.facts.causes import Cause
from kit.masking import mask
from kit.target import find_repository

#: where GitHub looks for the file; the first that is there counts
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")

#: GitHub ignores a larger file, in bytes
_LARGEST = 3 * 1024 * 1024

#: what GitHub does not support in a pattern; such a line is skipped, as there
_UNSUPPORTED = re.compile(r"^!|^\\#|\[.*\]")


@dataclass(frozen=True)
class OwnerRule:
    """A line: the files that ``pattern`` matches belong to ``owners``; to nobody where there are none."""

    pattern: re.Pattern[str]
    owners: tuple[str, ...]


@dataclass(frozen=True)
class CodeOwners:
    """The rules of a repository, and the folder of the app in it (``""``, or with a ``/`` at its end)."""

    rules: tuple[OwnerRule, ...] = ()
    folder: str = ""

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of a file, whose path is relative to the app: those of the last rule that matches."""
        whole = self.folder + path
        return next((rule.owners for rule in reversed(self.rules) if rule.pattern.match(whole)), ())

    def with_owners(self, causes: Iterable[Cause]) -> Iterator[Cause]:
        """The causes, each with the owners of its places in their order."""
        for cause in causes:
            owners = dict.fromkeys(owner for place in cause.locations for owner in self.of(place.path))
            yield replace(cause, owners=tuple(owners))


def read_owners(root: Path) -> CodeOwners:
    """The rules of the repository of the app at ``root``; no rules where it has none that can be read."""
    repository = find_repository(root)
    top = repository.top if repository else root
    file = next((top / place for place in PLACES if (top / place).is_file()), None)
    folder = "" if root == top else f"{root.relative_to(top).as_posix()}/"
    try:
        if file is None or file.stat().st_size > _LARGEST:
            return CodeOwners()
        return CodeOwners(rules_of(file.read_text(encoding="utf-8", errors="replace").splitlines()), folder)
    except OSError:
        return CodeOwners()


def rules_of(lines: Sequence[str]) -> tuple[OwnerRule, ...]:
    """The rules of a file; a line that GitHub does not understand is skipped."""
    found = []
    for line in lines:
        words = re.split(r"(?<!\\)\s+", line.partition(" #")[0].strip())
        if not words[0] or words[0].startswith("#") or _UNSUPPORTED.search(words[0]):
            continue
        owners = (word for word in words[1:] if "@" in word)
        found.append(OwnerRule(_compiled(words[0].replace("\\ ", " ")), tuple(map(mask, owners))))
    return tuple(found)


def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for whole paths.

    A pattern with a slash before its end begins at the top, another one anywhere. One that names a folder matches all
    that is below it; only ``folder/*`` stops at the files of that folder.
    """
    body = pattern.removesuffix("/")
    anchored = "/" in body
    parts = body.lstrip("/").split("/")
    text = "".join(_part(part, is_last=at == len(parts) - 1) for at, part in enumerate(parts))
    below = "/.+" if pattern.endswith("/") else "" if parts[-1] == "*" and anchored else "(?:/.+)?"
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{text}{below}\\Z", re.DOTALL)


def _part(part: str, *, is_last: bool) -> str:
    if part == "**":
        return ".+" if is_last else "(?:.+/)?"
    pieces = (_PIECES.get(piece, re.escape(piece)) for piece in re.split(r"(\*+|\?)", part))
    return "".join(pieces) + ("" if is_last else "/")


_PIECES = {"*": "[^/]*", "**": "[^/]*", "?": "[^/]"}
