"""Where the git repository of a folder is: found by its files, since asking git would take a process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_CONFIG = re.compile(r"(?:^|/)\.git/(?:modules/.+/)?config(?:\.worktree)?$")
_WORK_TREE = re.compile(r"^([ \t]*worktree[ \t]*=[ \t]*)(\S.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Repository:
    """``top`` is the folder that has ``.git``; ``folders`` are where git keeps data: those of the repository, and of
    this work tree where it is a linked one.
    """

    top: Path
    folders: tuple[Path, ...]


def find_repository(root: Path) -> Repository | None:
    """The repository that ``root`` belongs to, ``None`` when there is none that can be read."""
    for top in (root, *root.parents):
        mark = top / ".git"
        try:
            if mark.is_dir():
                return Repository(top, (mark,))
            if mark.is_file():
                return _linked(top, mark.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return None
    return None


def _linked(top: Path, text: str) -> Repository | None:
    """A work tree whose ``.git`` is a file: ``gitdir: PATH``."""
    label, _, path = text.strip().partition("gitdir: ")
    if label or not path:
        return None
    own = (top / path).resolve()
    try:
        common = (own / (own / "commondir").read_text(encoding="utf-8").strip()).resolve()
    except OSError:
        common = own  # a submodule's
    return Repository(top, tuple(dict.fromkeys((own, common))))


def repoint(path: str, copied: Path, seen: Path) -> None:
    """Let the git configuration ``copied``, which stands at ``path`` of the tree, name no other work tree than the one
    at ``seen``: an absolute ``core.worktree`` leads every git command there.
    """
    if not _CONFIG.search(path):
        return
    text = copied.read_text(encoding="utf-8", errors="surrogateescape")
    top = seen / path.rpartition(".git/")[0]

    def moved(found: re.Match[str]) -> str:
        return f"{found[1]}{top}" if found[2].strip('"').startswith(("/", "~")) else found[0]

    changed = _WORK_TREE.sub(moved, text)
    if changed != text:
        copied.write_text(changed, encoding="utf-8", errors="surrogateescape")
