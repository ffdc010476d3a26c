"""Patches for the real tree: several as one, and whether the files that they touch may be changed.

https://git-scm.com/docs/git-status#_porcelain_format_version_1
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from kit.facts.errors import UsageError
from kit.fixes.patching.applying import apply_patch
from kit.fixes.patching.diff import Edit, edits_of
from kit.fixes.patching.reading import touched
from kit.platform.temporary_folders import temporary_folder


def combined(root: Path, patches: Sequence[str]) -> tuple[Edit, ...]:
    """The patches, each made on top of those before it, as changes of the tree. Nothing below ``root`` changes.

    Raises :class:`UsageError` when one does not fit the files as they are.
    """
    files = list(dict.fromkeys(path for patch in patches for path in touched(patch)))
    with temporary_folder() as folder:
        copy = folder / "copy"
        copy.mkdir()
        for path in files:
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            if (root / path).is_file():
                shutil.copyfile(root / path, copy / path)
        for patch in patches:
            apply_patch(patch, copy)
        before = {path: text for path in files if (text := _text(root / path)) is not None}
        return edits_of(before, {path: _text(copy / path) for path in files})


def refuse_unless_writable(root: Path, files: Sequence[str]) -> None:
    """Raise :class:`UsageError` where a file, or the folder of a new one, cannot be written."""
    for path in files:
        place = root / path
        while not place.exists():
            place = place.parent
        if not os.access(place, os.W_OK):
            raise UsageError(f"{path} cannot be written: nothing was changed. Give yourself the right to write it.")


def modified(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Those of the files that git calls modified or untracked; none where there is no repository or no git."""
    git = shutil.which("git")
    if git is None or not files:
        return ()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [git, "status", "--porcelain", "-z", "--ignored", "--untracked-files=all", "--no-renames", "--", *files]
    environment["GIT_OPTIONAL_LOCKS"] = "0"  # reading the state must not write the index
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True)
    if done.returncode:
        return ()
    changed = [os.fsdecode(entry[3:]) for entry in done.stdout.split(b"\0") if entry]
    return tuple(path for path in files if any(f"/{one}".endswith(f"/{path}") for one in changed))


def _text(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else None
