"""Finds the ``.robot`` file of a Robot Framework suite (``robot --xunit``) in the target."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath

_SUFFIX = ".robot"
#: Robot removes a number that only sorts the files, as in ``01__login.robot``
_ORDER = re.compile(r"^\d+__")
_MOST_FOLDERS = 10_000


class RobotFiles:
    """The ``.robot`` files of a target; the search runs once, at the first call of :meth:`find`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def find(self, suites: Sequence[str]) -> str | None:
        """The one file whose path ends with these suites (``["Sub", "Gate"]`` is ``…/sub/gate.robot``), if any."""
        wanted = [_plain(suite) for suite in suites]
        if not wanted:
            return None
        found = [path for path, parts in self._files if parts[-len(wanted) :] == wanted]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _files(self) -> list[tuple[str, list[str]]]:
        return [(path, [_plain(part) for part in PurePosixPath(path).with_suffix("").parts]) for path in self._walk()]

    def _walk(self) -> Iterator[str]:
        for number, (folder, folders, names) in enumerate(os.walk(self._root)):
            if number >= _MOST_FOLDERS:
                return
            folders[:] = [name for name in folders if not name.startswith(".") and name != "node_modules"]
            for name in names:
                if name.endswith(_SUFFIX):
                    yield Path(folder, name).relative_to(self._root).as_posix()


def _plain(name: str) -> str:
    """A name without what Robot changes: case, spaces, underscores, the number in front."""
    return re.sub(r"[\s_]", "", _ORDER.sub("", name)).lower()
