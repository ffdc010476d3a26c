"""What tests make in the folder of ``tmp_path_factory``, which gives the folders of one name numbers.

The folders of ``tmp_path`` do not count: each is of one test.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import re
from itertools import islice

from .nodes import ChangedEntry
from .values import MISSING
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, FrozenSet, Iterator, List, Tuple


#: at most this many entries are looked at
MOST_ENTRIES = 2_000

#: how much of a test's name ``tmp_path`` takes for its folder
LENGTH = 30

#: bound before a test can replace it
SCANDIR = os.scandir


class TemporaryFolders:
    """The folders that tests have made with ``tmp_path_factory``, and what else lies beside them."""

    def __init__(self) -> None:
        self._factory: Any = None
        self._of_tests: FrozenSet[str] = frozenset()
        self._known: Dict[str, int] = {}

    def follow_pytest(self, session: Any) -> None:
        """Watch what the factory of this session makes."""
        self._factory = getattr(session.config, "_tmp_path_factory", None)
        self._of_tests = frozenset(without_number(folder_of(one.name)) for one in session.items)

    def keep(self) -> None:
        """Take what is there now for the beginning."""
        self._known = self._now()

    def changes(self) -> List[ChangedEntry]:
        """What has changed since the last time."""
        before, self._known = self._known, self._now()
        paths = [path for path in {**before, **self._known} if before.get(path) != self._known.get(path)]
        return [self._changed(path, before.get(path), self._known.get(path)) for path in paths]

    def _changed(self, path: str, before: Any, after: Any) -> ChangedEntry:
        node = Watched(path, names_of(path), lambda: None, None)
        return ChangedEntry(node, path, MISSING if before is None else before, MISSING if after is None else after)

    def _now(self) -> Dict[str, int]:
        found: Dict[str, int] = {}
        for name, is_folder in self._entries():
            base = without_number(name)
            if base in self._of_tests and is_folder:
                continue
            path = "tmp_path_factory.mktemp(%r)" % base if is_folder else "tmp_path_factory.getbasetemp() / %r" % name
            found[path] = found.get(path, 0) + 1
        return found

    def _entries(self) -> Iterator[Tuple[str, bool]]:
        folder = getattr(self._factory, "_basetemp", None)
        if folder is None:
            return
        try:
            with SCANDIR(str(folder)) as entries:
                for entry in islice(entries, MOST_ENTRIES):
                    if not entry.is_symlink() and entry.name != ".lock":
                        yield entry.name, entry.is_dir()
        except OSError:  # nobody has made a folder yet, or a test has removed it
            return


def folder_of(name: str) -> str:
    """What ``tmp_path`` calls the folder of the test ``name``, without its number."""
    return re.sub(r"[\W]", "_", name)[:LENGTH]


def without_number(name: str) -> str:
    return name.rstrip("0123456789")


def names_of(path: str) -> Tuple[str, ...]:
    """Its own path stands for the tests that make the same; a file is seen by code that has its name."""
    return (path,) if path.endswith(")") else (path, path.rpartition(" / ")[2].strip("'\""))
