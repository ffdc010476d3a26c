"""Applying a unified diff to a folder with git, which reads every dialect of patches that people send."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from kit.facts.errors import UsageError
from kit.fixes.patching.reading import hunks_of, touched

_FAILED = re.compile(r"^error: (?P<what>.+)$", re.MULTILINE)
_HUNK_FAILED = re.compile(r"patch failed: (?P<path>.+):(?P<line>\d+)")


def apply_patch(patch: str, root: Path, *, reverse: bool = False) -> None:
    """Change the files below ``root`` as the patch says, all of them or none.

    Raises :class:`UsageError` for a patch that leaves the folder, that is empty, or that does not fit: the sentence
    names the hunk and the file.
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
    done = _git_apply(git, patch, root, *(["-R"] if reverse else []))
    if done.returncode:
        if not reverse and not _git_apply(git, patch, root, "-R", "--check").returncode:
            raise UsageError("The patch does not apply: the files are already as it makes them.")
        said = _FAILED.findall(done.stderr.decode(errors="replace"))
        what = "; ".join(_what_failed(said, patch)) or "git apply refuses it"
        raise UsageError(f"The patch does not apply: {what}. Make it anew against the files as they are.")


def _git_apply(git: str, patch: str, root: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [git, "apply", "-p1", "--whitespace=nowarn", *options, "-"]
    # a repository above the folder would make git take paths as relative to that one
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_DIR": os.devnull, "LC_ALL": "C"}
    text = patch.encode("utf-8", "surrogateescape")
    return subprocess.run(command, cwd=root, input=text, env=environment, capture_output=True)


def _what_failed(said: Sequence[str], patch: str) -> Iterator[str]:
    """What git says is wrong, hunk by hunk: it names the line at which a hunk begins, and then the file once more."""
    hunks = hunks_of(patch)
    told = set()
    for line in dict.fromkeys(said):
        found = _HUNK_FAILED.fullmatch(line)
        of_file = [one for one in hunks if found and one.path == found["path"]]
        number = next((one.number for one in of_file if found and one.start == int(found["line"])), None)
        if found is None and line.partition(": patch does not apply")[0] not in told:
            yield line
        elif found is not None:
            told.add(found["path"])
            hunk = f"hunk {number} of {len(of_file)} in " if number else ""
            yield f"{hunk}{found['path']}, at line {found['line']}, does not fit the file"
