"""The folders for temporary files, which a test of another worker may have removed.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import os
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any


def bring_back_temporary_folders(config: Any) -> None:
    """Make Python's folder and that of ``tmp_path`` again if they are gone: a worker needs them before any test."""
    factory = getattr(config, "_tmp_path_factory", None)
    for folder in (tempfile.gettempdir(), getattr(factory, "_basetemp", None)):
        if folder is not None and not os.path.isdir(folder):
            with contextlib.suppress(OSError):
                os.makedirs(folder, 0o700)
