"""Files and folders that tests leave changed in the tree, in the temporary folder and in the home folder.

A file is known by its size and its time of change, an empty folder by being there. What Python, pytest and tools for
coverage keep does not count. A home folder can be of any size, so kit looks only into the folders in which programs
keep their files. A folder in these is known by its time of change, that of its last new or removed file, and by its
files unless they are many.

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
    from typing import Any, Dict, FrozenSet, Iterator, List, Pattern, Tuple

    Entry = Tuple[int, int]


#: folders whose files no test is meant to see: caches, environments, what others keep
PASSED_OVER = re.compile(
    r"(?:__pycache__|node_modules|htmlcov|\.git|\.hg|\.hypothesis|\.mypy_cache|\.ruff_cache|\.benchmarks|\.?venv"
    r"|\.tox|\.nox|\.ipynb_checkpoints|.*\.egg-info|(?:pytest-of-|pytest-cache-files-|kit-|pymp-).*)\Z"
)
FILES_PASSED_OVER = re.compile(r"\.coverage.*|coverage\.xml|.*\.(?:pyc|log)|.*-(?:journal|wal|shm)|\..*_history")

#: the suffixes of databases, whose path one line says and any other can use
OF_DATABASES = ("db", "db3", "sqlite", "sqlite3")

#: what pytest keeps for itself in a cache: in any that has the usual name, and in the project's own
OF_PYTEST = r".*(?:\.pytest_cache%s)(?:/(?:README\.md|CACHEDIR\.TAG|\.gitignore|v(?:/cache(?:/.*)?)?))?\Z"

#: at most this many entries of a tree are looked at
MOST_ENTRIES = 20_000

#: where programs keep what is a user's, below the home folder
OF_PROGRAMS = ("", ".config", ".cache", os.path.join(".local", "share"), os.path.join(".local", "state"))

#: at most this many entries of each of these are looked at
MOST_OF_PROGRAMS = 200

#: a folder in these with more files is crowded, and so is what makes the files that are looked at more in all
MOST_IN_A_FOLDER, MOST_IN_FOLDERS = 20, 300

#: folders in the temporary folder whose names were drawn: only what imports have made is known to several tests
DRAWN = re.compile(r"tmp[a-z0-9_]{8}\Z")

#: what lies below a folder in the temporary folder is looked at if it has no more entries than this
MOST_TEMPORARY = 100

#: stands for the size of a folder
A_FOLDER = -1

#: bound before a test can replace them
SCANDIR, STAT, JOIN = os.scandir, os.stat, os.path.join
TEMPORARY, EXPAND = tempfile.gettempdir, os.path.expanduser


class Files:
    """The files that a process sees: those of the tree, those in the temporary folder and in its folders, and what
    programs keep in the home folder.
    """

    def __init__(self, root: str) -> None:
        """``root`` is the folder of the target."""
        self._root = self._tree = root
        self._temporary, self._home = TEMPORARY(), EXPAND("~")
        self._known: Dict[str, Entry] = {}
        self._crowded: FrozenSet[str] = frozenset()
        self._of_pytest = re.compile(OF_PYTEST % "")

    def follow_pytest(self, config: Any) -> None:
        """Pass over what pytest keeps in its cache, wherever that is: a process that ends writes it beside the tests
        of others.
        """
        folder = str(getattr(getattr(config, "cache", None), "_cachedir", ""))
        if folder:  # with its own changes of the tree, a process sees the same files below another folder
            inside = folder[len(self._root) :] if folder.startswith(JOIN(self._root, "")) else folder
            self._of_pytest = re.compile(OF_PYTEST % ("|" + re.escape(inside)))
            self._known = {path: entry for path, entry in self._known.items() if not self._of_pytest.match(path)}

    def keep(self) -> None:
        """Take the files of now for the beginning."""
        self._crowded = frozenset()
        self._crowded = frozenset(self._crowded_folders())
        self._known = dict(self._now(is_first=True))

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
        elif path.startswith(JOIN(self._home, "")) and not path.startswith(JOIN(self._temporary, "")):
            shown = "~" + path[len(self._home) :]
        inside = path[len(self._temporary) :] if shown.startswith(JOIN(self._temporary, "")) else ""
        node = Watched(FILE_STATE + shown, names_of_file(shown, inside), lambda: None, None)
        return ChangedEntry(node, shown, in_words(before), in_words(after))

    def _now(self, *, is_first: bool = False) -> Iterator[Tuple[str, Entry]]:
        yield from entries_below(self._tree, MOST_ENTRIES, self._of_pytest)
        yield from self._in_temporary(is_first)
        yield from self._in_home()

    def _in_temporary(self, is_first: bool) -> Iterator[Tuple[str, Entry]]:
        """What lies in the temporary folder, and what lies in its folders that are not large."""
        folders: List[str] = []
        yield from entries_in(self._temporary, folders, self._of_pytest)
        for folder in folders:
            if is_first or folder in self._known or not DRAWN.match(os.path.basename(folder)):
                yield folder, (A_FOLDER, 0)
                inside = list(islice(entries_below(folder, MOST_ENTRIES, self._of_pytest), MOST_TEMPORARY + 1))
                if len(inside) <= MOST_TEMPORARY:
                    yield from inside

    def _in_home(self) -> Iterator[Tuple[str, Entry]]:
        """What lies directly in the folders of programs, and one level below in folders that are not crowded; except
        the folders that hold the tree or temporary files.
        """
        for part in OF_PROGRAMS:
            folders: List[str] = []
            yield from islice(entries_in(JOIN(self._home, part), folders, self._of_pytest), MOST_OF_PROGRAMS)
            for folder in folders[:MOST_OF_PROGRAMS]:
                if not any(JOIN(one, "").startswith(JOIN(folder, "")) for one in (self._root, self._temporary)):
                    with suppress(OSError):
                        yield folder, (A_FOLDER, STAT(folder).st_mtime_ns)
                    if folder not in self._crowded:
                        yield from islice(entries_in(folder, [], self._of_pytest), MOST_IN_A_FOLDER + 1)

    def _crowded_folders(self) -> Iterator[str]:
        left = MOST_IN_FOLDERS
        for folder, size in Counter(os.path.dirname(path) for path, _ in self._in_home()).items():
            if size > min(MOST_IN_A_FOLDER, left):
                yield folder
            else:
                left -= size


def names_of_file(path: str, in_temporary: str = "") -> Tuple[str, ...]:
    """What code mentions that can see a file: its name, its suffix, its folders in the tree or ``in_temporary``, the
    folder for temporary files, or whatever lists one.
    """
    *folders, name = path.split("/")
    stem, dot, suffix = name.rpartition(".")
    database = DATABASE_NAMES if suffix in OF_DATABASES else ()
    if path.startswith("~/"):
        return (name, *HOME_NAMES, *database)
    if os.path.isabs(path):
        return (name, *filter(None, in_temporary.split("/")[:-1]), *TEMPORARY_NAMES, *database)
    module = (stem,) if suffix == "py" else ()
    return (name, dot + suffix, "*" + dot + suffix, *module, *filter(None, folders), *LISTING_NAMES, *database)


def entries_below(folder: str, most: int, left_out: Pattern[str]) -> Iterator[Tuple[str, Entry]]:
    """The files below a folder, and its empty folders, which are known by being there: others are with their files."""
    waiting = [folder]
    while waiting and most > 0:
        current = waiting.pop()
        left, others = most, len(waiting)
        for found in entries_in(current, waiting, left_out):
            most -= 1
            yield found
        is_bare = most == left and len(waiting) == others and current != folder and not left_out.match(current)
        if is_bare and is_empty_folder(current):
            most -= 1
            yield current, (A_FOLDER, 0)


def is_empty_folder(folder: str) -> bool:
    try:
        with SCANDIR(folder) as entries:
            return next(entries, None) is None
    except OSError:  # it was removed at this moment, or nobody may read it
        return False


def entries_in(folder: str, folders: List[str], left_out: Pattern[str]) -> Iterator[Tuple[str, Entry]]:
    """The files of a folder, without those whose path is ``left_out``; its folders are put into ``folders``."""
    try:
        with SCANDIR(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if not PASSED_OVER.match(entry.name):
                        folders.append(entry.path)
                elif not FILES_PASSED_OVER.match(entry.name) and not left_out.match(entry.path):
                    stat = entry.stat(follow_symlinks=False)
                    yield entry.path, (stat.st_size, stat.st_mtime_ns)
    except OSError:  # it was removed at this moment, or nobody may read it
        return


def in_words(entry: Any) -> Any:
    if entry is None:
        return MISSING
    return "a folder, %d" % entry[1] if entry[0] == A_FOLDER else "%d bytes, %d" % entry
