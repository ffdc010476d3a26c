"""Applying a unified diff to a folder with git, which reads every dialect of patches that people send."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path, PurePosixPath

from kit.facts.errors import UsageError

_TOUCHED = re.compile(r"^(?:---|\+\+\+) (?P<path>[^\t\r\n]+)", re.MULTILINE)
_FAILED = re.compile(r"^error: (?:patch failed: )?(?P<what>.+)$", re.MULTILINE)
_NOTHING = "/dev/null"


def touched(patch: str) -> tuple[str, ...]:
    """The files that a patch names, without ``a/`` and ``b/``, in their order."""
    paths = [found["path"] for found in _TOUCHED.finditer(patch)]
    return tuple(dict.fromkeys(path.partition("/")[2] or path for path in paths if path != _NOTHING))


def apply_patch(patch: str, root: Path, *, reverse: bool = False) -> None:
    """Change the files below ``root`` as the patch says, all of them or none.

    Raises :class:`UsageError` for a patch that leaves the folder, that is empty, or that does not fit: the sentence
    names the file and the line.
    """
    paths = touched(patch)
    if not paths:
        raise UsageError("The patch changes no file: give a unified diff, as `git diff` prints it.")
    outside = [path for path in paths if path.startswith("/") or ".." in PurePosixPath(path).parts]
    if outside:
        raise UsageError(f"The patch changes {outside[0]}, which is outside of the target: take that part out.")
    git = shutil.which("git")
    if git is None:
        raise UsageError("Patches are applied with git, which is not installed: install git.")
    command = [git, "apply", "-p1", "--whitespace=nowarn", *(["-R"] if reverse else []), "-"]
    # a repository above the folder would make git take paths as relative to that one
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_DIR": os.devnull, "LC_ALL": "C"}
    done = subprocess.run(
        command, cwd=root, input=patch.encode("utf-8", "surrogateescape"), env=environment, capture_output=True
    )
    if done.returncode:
        said = _FAILED.findall(done.stderr.decode(errors="replace"))
        what = "; ".join(dict.fromkeys(said)) or "git apply refuses it"
        raise UsageError(f"The patch does not apply: {what}. Make it anew against the files as they are.")
