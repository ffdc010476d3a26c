"""The user's cache folder, where kit keeps results about a target for the next run."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from kit.facts.target import Target


def cache_file(target: Target, room: str, *conditions: str) -> Path | None:
    """The cache file of ``room`` for this target under these conditions, such as versions; others have another file.

    ``None`` when the user's cache folder lies inside the target, where nothing is ever written.
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")).absolute()  # noqa: PTH111 (never raises)
    root = target.path.resolve()
    if base.resolve().is_relative_to(root):
        return None
    key = hashlib.sha256("\0".join([str(root), *conditions]).encode()).hexdigest()[:24]
    return base / "incident-kit" / room / f"{key}.msgpack"
