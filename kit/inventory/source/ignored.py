"""Which files git ignores, by the ``.gitignore`` in its root: mostly what the app generates.

https://git-scm.com/docs/gitignore
"""

from __future__ import annotations

from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path, PurePosixPath


def is_ignored(root: Path, path: str) -> bool:
    """Whether a pattern fits the file at ``path``, relative to ``root``, or a folder above it. A pattern that takes
    files back in (``!``) is not looked at.
    """
    place = PurePosixPath(path)
    whole = [str(one) for one in (place, *place.parents) if one.name]
    return any(_fits(pattern, one) for pattern in _patterns(root) for one in whole)


def _fits(pattern: str, path: str) -> bool:
    bare = pattern.strip("/")
    is_anchored = "/" in pattern.rstrip("/")
    return fnmatch(path, bare.removeprefix("**/")) or (not is_anchored and fnmatch(path.rpartition("/")[2], bare))


@lru_cache(maxsize=64)
def _patterns(root: Path) -> tuple[str, ...]:
    try:
        lines = (root / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(line.strip() for line in lines if line.strip() and line.strip()[0] not in "#!")
