"""Which revision of the target this is, and whether anybody changed it since."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from kit.target.notes import Notes

#: how long git may take for one answer, in seconds
GIT_LIMIT = 10.0

#: what git must not do for us: run the repository's own programs, and refresh its index (that would write)
_GIT = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def find_revision(root: Path, notes: Notes) -> tuple[str | None, bool | None]:
    """The revision that the tree is at, and whether what is below ``root`` differs from it; ``None`` when not known."""
    tracked = ask_git(
        root, "rev-parse", "HEAD", "HEAD:./"
    )  # the second asks whether this folder is part of the revision
    if tracked is None:
        notes.because("revision", "not known", "git is not there, or does not keep this folder")
        return None, None
    revision = tracked.split()[0]
    changes = ask_git(root, "status", "--porcelain", "--", ".")
    dirty = None if changes is None else bool(changes.strip())
    state = {None: "git does not say whether it was changed", True: "with changes since", False: "unchanged since"}[
        dirty
    ]
    notes.because("revision", revision[:12], f"git says so; {state}")
    return revision, dirty


def ask_git(root: Path, *arguments: str, limit: float = GIT_LIMIT) -> str | None:
    """What git answers, ``None`` when it fails; it is kept from writing and from running the repository's programs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["GIT_NO_LAZY_FETCH"] = "1"  # a partial clone would ask its server
    try:
        answer = subprocess.run(
            [*_GIT, *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            timeout=limit,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode(errors="replace")
