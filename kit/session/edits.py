"""Whether the tree of the target is still the one that a case looked at."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kit.facts.wording import counted
from kit.session.reader import CaseReader
from kit.session.result import Result
from kit.target import CACHES, ask_git, is_environment

#: at most this many files are named
_NAMED = 3


def of_today(reader: CaseReader, result: Result) -> Result:
    """An answer from the tree as it is now; where the tree has changed since the case, a note says so first."""
    return replace(result, notes=(*edits(reader), *result.notes))


def edits(reader: CaseReader) -> tuple[str, ...]:
    """A sentence when Python files of the app were written or committed since the case began."""
    case, root = reader.facts.case, reader.root
    # the recorded moment is a whole second: what was written in it may have been there before
    moment = datetime.fromisoformat(case.started).timestamp() + 1.0
    changed = sorted({path for path in (*edited_since(root, moment), *_committed(reader)) if path.endswith(".py")})
    if not changed:
        return ()
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    files = f"{counted(len(changed), 'file')} ({', '.join(changed[:_NAMED])}{more})"
    return (f"Written or committed since this case: {files}. This answer is from the tree as it is now.",)


def _committed(reader: CaseReader) -> list[str]:
    """The files that differ between the revision of the case and the one that the tree is at."""
    revision = reader.facts.case.target.revision
    if revision is None:
        return []
    compared = ("--name-only", "--no-ext-diff", "--relative", "-z", revision, "HEAD")
    return (ask_git(reader.root, "diff", *compared, "--", ".") or "").split("\0")


def edited_since(root: Path, moment: float) -> list[str]:
    """The files of the app that were written after a moment, relative to its root; not environments and notebooks."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [
            one
            for one in folders
            if not one.startswith(".") and one not in CACHES and not is_environment(f"{folder}/{one}")
        ]
        found += [path for name in files if _written(path := Path(folder, name)) > moment and path.suffix != ".ipynb"]
    return sorted(path.relative_to(root).as_posix() for path in found)


def _written(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
