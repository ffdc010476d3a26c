"""Dotted names of source files, and what module an import statement means."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property

from kit.inventory.source.records import FileRecord, Import


@dataclass(frozen=True)
class Modules:
    """The target's modules. A file that several import roots reach has several names; one of them is its name."""

    #: path to the module's one name
    names: dict[str, str]
    #: every name that reaches a file, to its path
    paths: dict[str, str]
    #: every dotted prefix of those names: the packages, with or without ``__init__.py``
    packages: frozenset[str]

    @classmethod
    def of(cls, files: Sequence[FileRecord], import_roots: Sequence[str]) -> Modules:
        """Name every file. Where two roots reach it, the target's own absolute imports decide, then the deeper root."""
        roots = sorted({*import_roots, "."}, key=lambda root: (-root.count("/") - (root != "."), root))
        candidates = {file.path: candidate_names(file.path, roots) for file in files}
        paths: dict[str, str] = {}
        for path, names in candidates.items():
            for name in names:
                if name not in paths or path.endswith("/__init__.py"):
                    paths[name] = path
        is_certain = all(len(names) < 2 for names in candidates.values())
        used = Counter[str]() if is_certain else count_uses(files, paths)
        best = {path: max(names, key=lambda name: used[name]) for path, names in candidates.items() if names}
        return cls(best, paths, frozenset(prefix for name in paths for prefix in parents(name)))

    def is_own(self, module: str) -> bool:
        """Whether a dotted name is one of the target's modules or packages."""
        return module in self.paths or module in self.packages

    def canonical(self, module: str) -> str:
        """The one name of a module that may be reachable under several."""
        path = self.paths.get(module)
        return self.names[path] if path else module

    def source_of(self, path: str, statement: Import) -> str | None:
        """The module that ``from … import`` takes names from, or that a dynamic import loads; ``None`` when the dots
        lead out of the package.
        """
        module = statement.module if statement.kind == "from" else statement.names[0].name
        if statement.level == 0:
            return self.absolute(path, module or "")
        package = self.package_of(path).split(".") if self.package_of(path) else []
        kept = len(package) - (statement.level - 1)
        if kept < 1:
            return None
        return self.canonical(".".join([*package[:kept], *([module] if module else [])]))

    def absolute(self, path: str, module: str) -> str:
        """What ``import module`` means in a file: a module of an import root, else a neighbour of a loose file."""
        if self.is_own(module) or self.is_own(module.partition(".")[0]):
            return self.canonical(module)
        folder = path.rpartition("/")[0]
        if folder and f"{folder}/__init__.py" not in self.names:
            neighbour = f"{folder.replace('/', '.')}.{module}"
            if neighbour in self.paths:
                return self.canonical(neighbour)
        return module

    @cached_property
    def near(self) -> Callable[[str], str | None]:
        """The module that may be meant by a name that does not exist. A module that is gone is often imported in many
        places, so that each answer is kept.
        """
        return cache(self._near)

    def _near(self, module: str) -> str | None:
        """One with a name like the first part that is missing, beside it, or else one with the same last name in
        another package. Only these are compared, since a search through all names for each wrong import would take
        minutes in a large app.
        """
        package, _, part = module.rpartition(".")
        while package and not self.is_own(package):
            package, _, part = package.rpartition(".")
        if beside := get_close_matches(part, self._inside.get(package, ()), n=1):
            return f"{package}.{beside[0]}" if package else beside[0]
        elsewhere = get_close_matches(module, self._with_last_name.get(module.rpartition(".")[2], ()), n=1)
        return elsewhere[0] if elsewhere else None

    @cached_property
    def _inside(self) -> dict[str, list[str]]:
        """By package (``""`` for the top): the last names of the modules and packages right inside it."""
        inside = defaultdict[str, list[str]](list)
        for name in sorted({*self.paths, *self.packages}):
            package, _, last = name.rpartition(".")
            inside[package].append(last)
        return dict(inside)

    @cached_property
    def folders(self) -> dict[str, tuple[str, ...]]:
        """The folders of each package, relative to the root: several where import roots each have a part of one."""
        found = defaultdict[str, dict[str, None]](dict)
        for name, path in self.paths.items():
            folder = path.rpartition("/")[0]
            package = name if path.endswith("/__init__.py") else name.rpartition(".")[0]
            while package and folder not in found[package]:
                found[package][folder] = None
                folder, package = folder.rpartition("/")[0], package.rpartition(".")[0]
        return {package: tuple(folders) for package, folders in found.items()}

    def is_below(self, module: str) -> bool:
        """Whether a file or folder further down would be the module, if an import root were there."""
        ending = f".{module}"
        named = self._with_last_name.get(module.rpartition(".")[2], ())
        return any(name.endswith(ending) for name in named) or any(name.endswith(ending) for name in self.packages)

    @cached_property
    def _with_last_name(self) -> dict[str, list[str]]:
        named = defaultdict[str, list[str]](list)
        for name in sorted(self.paths):
            named[name.rpartition(".")[2]].append(name)
        return dict(named)

    def package_of(self, path: str) -> str:
        """The package that relative imports of a file start from (``""`` for a module at the top)."""
        name = self.names.get(path, "")
        return name if path.endswith("/__init__.py") else name.rpartition(".")[0]


def candidate_names(path: str, roots: Iterable[str]) -> list[str]:
    """The dotted names of a file, one for each root above it; none for names that no import can spell."""
    names = []
    for root in roots:
        prefix = "" if root == "." else f"{root}/"
        parts = path.removeprefix(prefix).removesuffix(".py").split("/")
        if path.startswith(prefix) and not any("." in part for part in parts):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            names += [name] if name else []
    return names


def count_uses(files: Sequence[FileRecord], paths: dict[str, str]) -> Counter[str]:
    """How often absolute imports name each module, a name inside a package counting a little for the package's other
    modules.
    """
    absolute = [statement for file in files for statement in file.imports if statement.level == 0]
    used = Counter(
        name
        for statement in absolute
        for name in ([statement.module] if statement.module else [item.name for item in statement.names])
    )
    tops: Counter[str] = Counter()
    for name, times in used.items():
        tops[name.partition(".")[0]] += times
    scale = used.total() + 1
    return Counter({name: used[name] * scale + tops[name.partition(".")[0]] for name in paths})


def parents(name: str) -> list[str]:
    """``a`` and ``a.b`` for ``a.b.c``."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts))]
