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
    folder = cache_folder(target, room)
    key = hashlib.sha256("\0".join([str(target.path.resolve()), *conditions]).encode()).hexdigest()[:24]
    return folder / f"{key}.msgpack" if folder else None


def cache_folder(target: Target, room: str) -> Path | None:
    """The folder in which ``room`` keeps what it made; ``None`` when it would lie inside the target."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")).absolute()  # noqa: PTH111 (never raises)
    return None if base.resolve().is_relative_to(target.path.resolve()) else base / "incident-kit" / room
