"""The folders of a target that may hold source, walked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from kit.facts.errors import UsageError
from kit.target.folders import entries_of, is_looked_into

#: the largest number of folders to walk; a source tree has fewer
MOST_FOLDERS = 50_000

#: folders that pytest by default never looks into when it searches for tests
_NO_TESTS = frozenset({"build", "dist", "CVS", "_darcs", "{arch}"})


@dataclass(frozen=True)
class Tree:
    """``modules`` maps each folder to the names of its Python files. Folders are relative; ``"."`` is the root."""

    root: Path
    modules: dict[str, tuple[str, ...]]
    complete: bool = True

    @classmethod
    def of(cls, root: Path) -> Tree:
        """Walk the tree. Links are not followed, so that none can lead in a circle."""
        modules: dict[str, tuple[str, ...]] = {}
        folders = ["."]
        for folder in folders:  # grows while it is walked
            names = []
            for entry in entries_of(str(root / folder)):
                if is_looked_into(entry):
                    folders.append(joined(folder, entry.name))
                elif entry.name.endswith(".py"):
                    names.append(entry.name)
            modules[folder] = tuple(names)
            if len(modules) >= MOST_FOLDERS:
                return cls(root, modules, complete=False)
        return cls(root, modules)

    @property
    def has_python(self) -> bool:
        """Whether there is any Python file."""
        return any(self.modules.values())

    def is_package(self, folder: str) -> bool:
        """Whether a folder is a regular package."""
        return "__init__.py" in self.modules.get(folder, ())

    @cached_property
    def importable(self) -> dict[str, frozenset[str]]:
        """Folder to the names that can be imported from it: its modules and regular packages (no namespace packages:
        any folder would be one).
        """
        found = {folder: {name.removesuffix(".py") for name in names} for folder, names in self.modules.items()}
        for folder in self.modules:
            if folder != "." and self.is_package(folder):
                parent, _, name = folder.rpartition("/")
                found[parent or "."].add(name)
        return {folder: frozenset(names - {"__init__", "conftest"}) for folder, names in found.items()}

    def files(self, patterns: Sequence[str]) -> Iterator[str]:
        """Paths of the files with such a name, where pytest would search for them."""
        for folder, names in self.modules.items():
            if not _NO_TESTS.intersection(folder.split("/")):
                yield from (
                    joined(folder, name) for name in names if any(fnmatch(name, pattern) for pattern in patterns)
                )

    def named(self, paths: Sequence[str], option: str) -> tuple[str, ...]:
        """Paths that the user gave with ``option``, relative to the root: they may be relative to it, or to here.

        Raises :class:`UsageError` for one that does not exist in the tree.
        """
        return tuple(self._named(path, option) for path in paths)

    def _named(self, path: str, option: str) -> str:
        given = Path(path).expanduser()
        for candidate in ((self.root / given).resolve(), given.resolve()):
            if candidate.exists() and candidate.is_relative_to(self.root):
                return candidate.relative_to(self.root).as_posix()
        raise UsageError(f"There is no {path} in {self.root}; give {option} a path inside the target.")


def joined(folder: str, name: str) -> str:
    """The relative path of a name in a folder."""
    return name if folder == "." else f"{folder}/{name}"
