"""What kit writes is for its user alone: files 0600 and folders 0700, whatever the umask; ``--share`` opens them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
SHARED_FILE, SHARED_FOLDER = 0o644, 0o755


def private_folder(path: Path) -> Path:
    """Make a folder, with the folders above it, for its user alone; one that exists stays as it is."""
    if not path.is_dir():
        private_folder(path.parent)
        path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    return path


def private_file(path: Path) -> Path:
    """Make an empty file for its user alone, where there is none."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        path.chmod(PRIVATE_FILE)  # a umask may have taken even more away
    return path


def open_to_all(case: Path) -> None:
    """Let everybody on this machine read the folder of a case, with all that is in it, and the store beside it."""
    beside = [path for path in case.parent.iterdir() if path.is_file()]
    for path in (case.parent, case, *case.rglob("*"), *beside):
        with suppress(OSError):
            if not path.is_symlink():
                path.chmod(SHARED_FOLDER if path.is_dir() else SHARED_FILE)
