"""What lies outside of the tree where the processes of a run write: temporary files, and the user's own folders."""

from __future__ import annotations

import re
from pathlib import Path

from kit.platform.process_facts import image_of, paths_in_use
from kit.suite.process.processes import PytestProcess
from kit.target import WrittenFolder, covered_folders, descendants, temporary_files

#: what no test is meant to find: pytest's own folders, and names that were drawn
_NOT_SHARED = re.compile(r"pytest-of-[^/]*|tmp[a-z0-9_]{8}")


class Surroundings:
    """Makes each run of tests begin with what a plain run would find. Create it before the suite is collected.

    What tests leave there stays for the tests after them, and is gone for those that run once more. A process that
    collects anew is in a sandbox of its own, so that it finds the user's folders as they are; in those that one forks,
    they are as after the collection.
    """

    def __init__(self, root: Path) -> None:
        """``root`` is the scratch copy."""
        self._root = root
        self._first, self._temporary = temporary_files(root), temporary_files(root)
        self._covered: tuple[WrittenFolder, ...] = ()
        self._process: PytestProcess | None = None
        for folder in (*self._first, *self._temporary):
            folder.keep({})
        self.about_to_collect()

    def about_to_collect(self) -> None:
        """A process is about to collect the suite. It may need what it writes meanwhile."""
        self._before = [folder.states() for folder in self._temporary]

    def keep(self, process: PytestProcess) -> None:
        """This process has collected the suite, and forks or prepares workers: what it has written belongs there."""
        if process is self._process:
            return
        self._process = process
        for folder, before in zip(self._temporary, self._before, strict=True):
            folder.keep(before)
        self._covered = covered_folders(self._root, process.root, next(iter(descendants(process.root)), process.root))
        for folder in self._covered:
            folder.keep({})

    def forget(self) -> None:
        """The processes that collected the suite are gone: what they have written does not belong there any more."""
        self._temporary = self._first

    @property
    def has_changed(self) -> bool:
        """Whether there is something by now that tests could see, or something is gone."""
        temporary = (path for folder in self._temporary for path in folder.changed())
        if any(not _NOT_SHARED.fullmatch(path.partition("/")[0]) for path in temporary):
            return True
        return any(True for folder in self._covered for _ in folder.changed())

    def restore(self) -> None:
        """Make it what it was, except where a program is at work that was started with the suite: a database server."""
        used = self._in_use()
        for folder in (*self._covered, *self._temporary):
            folder.restore(used)

    def _in_use(self) -> frozenset[Path]:
        if self._process is None:
            return frozenset()
        own = image_of(self._process.pid or self._process.root)
        return paths_in_use(pid for pid in descendants(self._process.root) if image_of(pid) != own)
