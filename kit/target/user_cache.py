"""The user's cache folder, where kit keeps results about a target for the next run."""

from __future__ import annotations

import contextlib
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


def save_cache_file(file: Path | None, content: bytes, most: int = 50) -> None:
    """Replace a cache file, and of the room's files (one for each target, Python and version of kit) leave the newest
    ``most``. If the cache cannot be written, the next run is only slower.
    """
    if file is None:
        return
    import tempfile  # half of what a run that finds everything in the cache would import

    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            Path(temporary).replace(file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
        for old in sorted(file.parent.glob("*.msgpack"), key=lambda one: one.stat().st_mtime)[:-most]:
            old.unlink()
