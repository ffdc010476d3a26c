"""What git knows of the target: where it lies in its repository, and the patch from the last commit to a revision.

https://git-scm.com/docs/git-diff
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from kit.facts.errors import UsageError


def patch_to(root: Path, revision: str) -> str:
    """What changes below ``root`` between the last commit and a revision, as a patch relative to ``root``.

    Raises :class:`UsageError` for a folder that is in no repository, and for a revision that is not there or that
    changes nothing here.
    """
    if _git(root, "rev-parse", "--git-dir") is None:
        raise UsageError(f"{root} is in no git repository, so it has no revisions: give the change with --patch FILE.")
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise UsageError(f'There is no revision "{revision}" in the repository of {root}.')
    patch = _git(
        root, "diff", "--binary", "--no-renames", "--no-ext-diff", "--relative", "HEAD", commit.strip(), "--", "."
    )
    if not patch:
        raise UsageError(f'The revision "{revision}" changes nothing below {root}.')
    return patch


def folder_in_repository(root: Path) -> str:
    """What leads from the root of the repository to ``root``, as ``"service/"``; empty at the root, and without one.

    From a folder below the root, ``git apply`` passes over paths that are relative to that folder, and says nothing.
    """
    return (_git(root, "rev-parse", "--show-prefix") or "").rstrip("\n")


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints; ``None`` where it is not installed or refuses."""
    git = shutil.which("git")
    if git is None:
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    done = subprocess.run([git, *arguments], cwd=root, env=environment, capture_output=True)
    return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")
