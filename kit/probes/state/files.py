"""Files that tests leave changed in the tree, in the temporary folder and in the home folder.

A file is known by its size and its time of change. What Python, pytest and tools for coverage keep does not count. A
home folder can be of any size, so kit looks only into the folders in which programs keep their files. A folder in these
is known by its time of change, that of its last new or removed file, and by its files unless they are many.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import Counter
from contextlib import suppress
from itertools import islice

from ...wire.layout import FILE_STATE
from .names import DATABASE_NAMES, HOME_NAMES, LISTING_NAMES, TEMPORARY_NAMES
from .nodes import ChangedEntry
from .values import MISSING
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, FrozenSet, Iterator, List, Tuple

    Entry = Tuple[int, int]


#: folders whose files no test is meant to see: caches, environments, what others keep
PASSED_OVER = re.compile(
    r"(?:__pycache__|node_modules|htmlcov|\.git|\.hg|\.hypothesis|\.mypy_cache|\.ruff_cache|\.benchmarks|\.?venv"
    r"|\.tox|\.nox|\.ipynb_checkpoints|.*\.egg-info|(?:pytest-of-|kit-|pymp-).*)\Z"
)
FILES_PASSED_OVER = re.compile(r"\.coverage.*|coverage\.xml|.*\.(?:pyc|log)|.*-(?:journal|wal|shm)|\..*_history")

#: the suffixes of databases, whose path one line says and any other can use
OF_DATABASES = ("db", "db3", "sqlite", "sqlite3")

#: what pytest keeps in its cache for itself
OF_PYTEST = re.compile(r".*\.pytest_cache/(?:README\.md|CACHEDIR\.TAG|\.gitignore|v/cache/.*)\Z")

#: at most this many entries of a tree are looked at
MOST_ENTRIES = 20_000

#: where programs keep what is a user's, below the home folder
OF_PROGRAMS = ("", ".config", ".cache", os.path.join(".local", "share"), os.path.join(".local", "state"))

#: at most this many entries of each of these are looked at
MOST_OF_PROGRAMS = 200

#: a folder in these with more files is crowded, and so is what makes the files that are looked at more in all
MOST_IN_A_FOLDER, MOST_IN_FOLDERS = 20, 300

#: stands for the size of a folder
A_FOLDER = -1

#: bound before a test can replace them
SCANDIR, STAT, JOIN = os.scandir, os.stat, os.path.join
TEMPORARY, EXPAND = tempfile.gettempdir, os.path.expanduser


class Files:
    """The files that a process sees: those of the tree, those that lie directly in the temporary folder, and what
    programs keep in the home folder.
    """

    def __init__(self, root: str) -> None:
        """``root`` is the folder of the target."""
        self._root = self._tree = root
        self._temporary, self._home = TEMPORARY(), EXPAND("~")
        self._known: Dict[str, Entry] = {}
        self._crowded: FrozenSet[str] = frozenset()

    def keep(self) -> None:
        """Take the files of now for the beginning."""
        self._crowded = frozenset()
        self._crowded = frozenset(self._crowded_folders())
        self._known = dict(self._now())

    def look_into(self, changes: str) -> None:
        """Look only into the folder with this process's changes of the tree, from now on."""
        self._tree = changes
        self.keep()

    def changes(self) -> List[ChangedEntry]:
        """What has changed since the last time."""
        before, self._known = self._known, dict(self._now())
        paths = [path for path, entry in self._known.items() if before.get(path) != entry]
        paths += [path for path in before if path not in self._known]
        return [self._changed(path, before.get(path), self._known.get(path)) for path in paths]

    def _changed(self, path: str, before: Any, after: Any) -> ChangedEntry:
        shown = path
        if path.startswith(JOIN(self._tree, "")):
            shown = path[len(self._tree) + 1 :]
        elif path.startswith(JOIN(self._home, "")) and os.path.dirname(path) != self._temporary:
            shown = "~" + path[len(self._home) :]
        node = Watched(FILE_STATE + shown, names_of_file(shown), lambda: None, None)
        return ChangedEntry(node, shown, in_words(before), in_words(after))

    def _now(self) -> Iterator[Tuple[str, Entry]]:
        yield from entries_below(self._tree, MOST_ENTRIES)
        yield from entries_in(self._temporary, [])
        yield from self._in_home()

    def _in_home(self) -> Iterator[Tuple[str, Entry]]:
        """What lies directly in the folders of programs, and one level below in folders that are not crowded; except
        the folders that hold the tree or temporary files.
        """
        for part in OF_PROGRAMS:
            folders: List[str] = []
            yield from islice(entries_in(JOIN(self._home, part), folders), MOST_OF_PROGRAMS)
            for folder in folders[:MOST_OF_PROGRAMS]:
                if not any(JOIN(one, "").startswith(JOIN(folder, "")) for one in (self._root, self._temporary)):
                    with suppress(OSError):
                        yield folder, (A_FOLDER, STAT(folder).st_mtime_ns)
                    if folder not in self._crowded:
                        yield from islice(entries_in(folder, []), MOST_IN_A_FOLDER + 1)

    def _crowded_folders(self) -> Iterator[str]:
        left = MOST_IN_FOLDERS
        for folder, size in Counter(os.path.dirname(path) for path, _ in self._in_home()).items():
            if size > min(MOST_IN_A_FOLDER, left):
                yield folder
            else:
                left -= size


def names_of_file(path: str) -> Tuple[str, ...]:
    """What code mentions that can see a file: its name, its suffix, its folders in the tree, or whatever lists one."""
    *folders, name = path.split("/")
    stem, dot, suffix = name.rpartition(".")
    database = DATABASE_NAMES if suffix in OF_DATABASES else ()
    if path.startswith("~/"):
        return (name, *HOME_NAMES, *database)
    if os.path.isabs(path):
        return (name, *TEMPORARY_NAMES, *database)
    module = (stem,) if suffix == "py" else ()
    return (name, dot + suffix, "*" + dot + suffix, *module, *filter(None, folders), *LISTING_NAMES, *database)


def entries_below(folder: str, most: int) -> Iterator[Tuple[str, Entry]]:
    waiting = [folder]
    while waiting and most > 0:
        for found in entries_in(waiting.pop(), waiting):
            most -= 1
            yield found


def entries_in(folder: str, folders: List[str]) -> Iterator[Tuple[str, Entry]]:
    """The files of a folder; its folders are put into ``folders``."""
    try:
        with SCANDIR(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not PASSED_OVER.match(entry.name):
                        folders.append(entry.path)
                elif not FILES_PASSED_OVER.match(entry.name) and not OF_PYTEST.match(entry.path):
                    stat = entry.stat(follow_symlinks=False)
                    yield entry.path, (stat.st_size, stat.st_mtime_ns)
    except OSError:  # it was removed at this moment, or nobody may read it
        return


def in_words(entry: Any) -> Any:
    if entry is None:
        return MISSING
    return "a folder, %d" % entry[1] if entry[0] == A_FOLDER else "%d bytes, %d" % entry
