"""Where this process and those that it starts put temporary files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def keep_temporary_files_out_of(root: Path) -> bool:
    """Take the system's own folder for temporary files where variables name one below ``root``; whether there is one
    outside of it.
    """
    if _is_outside(root):
        return True
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ.pop(name, None)
    tempfile.tempdir = None  # it is looked for anew
    return _is_outside(root)


def _is_outside(root: Path) -> bool:
    return not Path(tempfile.gettempdir()).resolve().is_relative_to(root.resolve())
