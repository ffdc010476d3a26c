"""Paths of the target as kit records them: with ``/``, and relative to the target's root where they lie in it.

On Windows they come with drives, shares of the network, another case than the folder has, and the prefix ``\\\\?\\`` of
paths that may be long. All of that is text here: nothing is looked up.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

_DRIVE = re.compile(r"^[A-Za-z]:/")


@dataclass(frozen=True)
class PathStyle:
    """How a system writes paths."""

    is_windows: bool

    def recorded(self, path: str) -> str:
        """A path with ``/`` between its parts, and without the prefix that allows it to be long."""
        if not self.is_windows:
            return path
        slashed = path.replace("\\", "/")
        for prefix, instead in (("//?/UNC/", "//"), ("//?/", ""), ("//./", "")):
            if slashed.startswith(prefix):
                slashed = instead + slashed.removeprefix(prefix)
        return slashed[0].upper() + slashed[1:] if _DRIVE.match(slashed) else slashed

    def is_absolute(self, path: str) -> bool:
        """Whether a recorded path begins at a root, a drive or a share."""
        return path.startswith("/") or (self.is_windows and bool(_DRIVE.match(path)))

    def inside(self, path: str, root: str) -> str | None:
        """A recorded path relative to a recorded root, ``"."`` for the root itself; ``None`` outside of it."""
        folder = root.rstrip("/") + "/"
        if self._same(f"{path}/", folder):
            return "."
        return path[len(folder) :] if self._same(path[: len(folder)], folder) else None

    def spellings(self, root: str) -> tuple[str, ...]:
        """A root as it may stand in a text, each with the separator after it; the longer ones come first."""
        folder = root.rstrip("/\\" if self.is_windows else "/")
        if not self.is_windows:
            return (f"{folder}/",)
        backward = folder.replace("/", "\\")
        in_literals = backward.replace("\\", "\\\\") + "\\\\"
        return (f"\\\\?\\{backward}\\", in_literals, f"{backward}\\", f"{self.recorded(folder)}/")

    def _same(self, one: str, other: str) -> bool:
        return one == other or (self.is_windows and one.casefold() == other.casefold())


POSIX, WINDOWS = PathStyle(is_windows=False), PathStyle(is_windows=True)

#: that of this system
HERE = WINDOWS if os.name == "nt" else POSIX
