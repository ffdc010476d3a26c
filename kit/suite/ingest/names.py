"""Finds the tests that a file of results names in the target's own tree, and gives them pytest's node ids."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from kit.facts.target import Target
from kit.suite.ingest.foreign import without_group
from kit.suite.ingest.recorded import TestName
from kit.suite.ingest.robot import RobotFiles
from kit.target import Tree

_LIBRARY = re.compile(r"(?:^|/)(?:site-packages|dist-packages)/|/lib/python\d|^<")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class IngestedLocation:
    """A test or a file in this target.

    ``path`` is relative to the target's root. ``in_tree`` is false when the target has no such file.
    """

    nodeid: str
    path: str
    in_tree: bool


class NameResolver:
    """Finds tests and files by their names in results, which may come from another machine or folder."""

    def __init__(self, target: Target) -> None:
        modules = Tree.of(target.path).modules
        self._root = target.path
        self._rootdir = target.config.rootdir
        self._folders = frozenset(modules)
        self._files = frozenset(_joined(folder, name) for folder, names in modules.items() for name in names)
        self._same_name: dict[str, list[str]] = defaultdict(list)
        for file in sorted(self._files, key=len, reverse=True):
            self._same_name[posixpath.basename(file)].append(file)
        self._robot = RobotFiles(target.path)
        self.find = lru_cache(maxsize=None)(self._find)
        self._module = lru_cache(maxsize=None)(self._module_of)

    def place(self, name: TestName) -> IngestedLocation:
        """Find the file of a test, and rebuild its node id if the results do not give it."""
        if name.nodeid:
            file, sep, rest = name.nodeid.partition("::")
        else:
            file, classes = self._module(name.classname, name.file)
            rest = "::".join(filter(None, (*classes, name.name)))
            sep = "::" if rest else ""
        if "@" in rest:
            rest = without_group(rest)
        path = self.find(file)
        if path is None:
            known = _joined(self._rootdir, file) if file else name.classname or name.name or "."
            return IngestedLocation(f"{file}{sep}{rest}", known, in_tree=False)
        return IngestedLocation(f"{self._seen_by_pytest(path)}{sep}{rest}", path, in_tree=True)

    def _find(self, path: str) -> str | None:
        """The file that ``path`` stands for, relative to the target's root; ``None`` for files outside the target."""
        path = posixpath.normpath(path.replace("\\", "/")).removeprefix(f"{self._root}/") if path else ""
        if not path or _LIBRARY.search(path):
            return None
        return self._exactly(path) or self._by_its_end(_DRIVE.sub("", path))

    def _exactly(self, path: str) -> str | None:
        for candidate in (_joined(self._rootdir, path), path):
            if candidate in self._files or (candidate in self._folders and candidate != "."):
                return candidate
            if not candidate.startswith(("/", "..")) and self._is_file(candidate):
                return candidate
        return None

    def _is_file(self, path: str) -> bool:
        try:
            return (self._root / path).is_file()
        except (OSError, ValueError):
            return False

    def _by_its_end(self, path: str) -> str | None:
        """The longest file that ``path`` ends with, since the results may come from another folder; else the only file
        that ends with ``path``.
        """
        same_name = self._same_name.get(posixpath.basename(path), ())
        longest = next((file for file in same_name if path.endswith(f"/{file}")), None)
        if longest or path.startswith("/"):
            return longest
        deeper = [file for file in same_name if file.endswith(f"/{path}")]
        return deeper[0] if len(deeper) == 1 else None

    def _module_of(self, classname: str, file: str) -> tuple[str, Sequence[str]]:
        """The file and the classes of ``"tests.test_a.TestC"``. ``file`` may be where an inherited test is defined."""
        parts = [part for part in classname.split(".") if part]
        cuts = range(len(parts), 0, -1)
        for find in (self._exactly, self.find):
            for cut in cuts:
                if path := find("/".join(parts[:cut]) + ".py"):
                    return self._seen_by_pytest(path), parts[cut:]
        for start in range(1, len(parts)):  # --junitprefix puts its own words in front
            for cut in range(len(parts), start, -1):
                if path := self._exactly("/".join(parts[start:cut]) + ".py"):
                    return self._seen_by_pytest(path), parts[cut:]
        if parts and "/".join(parts) in self._folders:
            return "/".join(parts), ()
        if robot := self._robot.find(parts):
            return self._seen_by_pytest(robot), ()
        classes = next((parts[at:] for at, part in enumerate(parts) if part[:1].isupper()), [])
        module = parts[: len(parts) - len(classes)]
        return file or ("/".join(module) + ".py" if module else ""), classes

    def _seen_by_pytest(self, path: str) -> str:
        return path if self._rootdir == "." else posixpath.relpath(path, self._rootdir)


def _joined(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
