"""What importing a module loads: the graph of the imports that run while their module is imported.

Imports inside functions and those for type checkers alone are not in it; the ``else`` of ``TYPE_CHECKING``, class
bodies and ``try`` blocks are, and so are the packages above an imported module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import PurePosixPath

from kit.facts.places import Location, Scope
from kit.inventory.names.modules import parents
from kit.inventory.names.names import Imported, Names
from kit.inventory.source.records import FileRecord, Import
from kit.inventory.source.roles import is_test_module, role_of

#: the scopes whose imports run when their module is imported
LOAD_TIME: frozenset[Scope] = frozenset({"module", "class", "try"})
NOT_GUARDED: frozenset[Scope] = LOAD_TIME - {"try"}
ANY_TIME: frozenset[Scope] = LOAD_TIME | {"function", "lazy"}


class LoadGraph:
    """The load-time imports among the target's modules. Modules are named as in :class:`Names`."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._nearest_known: dict[str, str | None] = {}
        #: by importing module: the modules that its own statements name, each with the first line that does
        self.lines = {module: self._named(module, LOAD_TIME) for module in names.files}

    @cached_property
    def importing(self) -> dict[str, frozenset[str]]:
        """By imported module: the modules whose statements name it. Its length is the fan-in."""
        found: dict[str, set[str]] = defaultdict(set)
        for module, imported in self.lines.items():
            for other in imported:
                found[other].add(module)
        return {module: frozenset(importers) for module, importers in found.items()}

    @cached_property
    def certain(self) -> dict[str, dict[str, int]]:
        """As ``lines``, without the imports behind a condition, which may never run."""
        behind = [
            module
            for module, file in self._names.files.items()
            if any(statement.conditional for statement in file.imports)
        ]
        return {**self.lines, **{module: self._named(module, LOAD_TIME, certain=True) for module in behind}}

    @cached_property
    def needed(self) -> dict[str, dict[str, int]]:
        """As ``lines``, without the imports in ``try`` blocks and with the packages above each module (line 1): what a
        module cannot be imported without.
        """
        return {
            module: {
                **{package: 1 for package in parents(module) if package in self._names.files},
                **self._named(module, NOT_GUARDED, certain=True),
            }
            for module in self._names.files
        }

    def closure(self, module: str) -> frozenset[str]:
        """Every module of the target that is loaded when ``module`` is imported, itself and its packages included."""
        return self._closure([module])

    def closure_of_test(self, module: str, *, certain: bool = False) -> frozenset[str]:
        """What is loaded when pytest runs a test module alone: with its conftests, whose fixtures run as well, so that
        the imports in their functions count. If ``certain``, imports behind a condition do not count.
        """
        return self._closure(self._started_by(module, certain=certain), certain=certain)

    def _started_by(self, test_module: str, *, certain: bool) -> list[str]:
        conftests = self._conftests(test_module)
        in_fixtures = [other for one in conftests for other in self._named(one, None, certain=certain)]
        return [test_module, *conftests, *in_fixtures]

    def imported_by(self, test_modules: Iterable[str]) -> dict[str, frozenset[str]]:
        """By the path of a test module: the paths of all that is loaded when pytest runs it alone."""
        files = self._names.files
        return {
            files[module].path: frozenset(files[other].path for other in self.closure_of_test(module))
            for module in test_modules
        }

    def test_modules(self, test_paths: Sequence[str] = ()) -> tuple[str, ...]:
        """The modules that pytest collects by its default pattern below ``test_paths`` (anywhere, if there are none),
        sorted.
        """
        return tuple(
            sorted(
                module
                for module, file in self._names.files.items()
                if is_test_module(file.path) and _lies_below(file.path, test_paths)
            )
        )

    def loaded_paths(self, test_modules: Collection[str]) -> frozenset[str] | None:
        """The paths of all that a run of the whole suite certainly loads; ``None`` without test modules."""
        if not test_modules:
            return None
        started = {other for module in test_modules for other in self._started_by(module, certain=True)}
        return frozenset(self._names.files[module].path for module in self._closure(started, certain=True))

    def imported_anywhere(self, module: str) -> frozenset[str]:
        """The modules that the statements of a module name, those in functions included, and the packages above it."""
        return frozenset([*self._named(module, None), *parents(module)])

    def chain(self, start: str, end: str) -> tuple[Location, ...]:
        """The import statements of a shortest way from one module to another; empty when none leads there."""
        came_from = {start: start}
        queue = [start]
        for module in queue:  # grows while it is walked
            for other in self.lines.get(module, ()):
                if other not in came_from:
                    came_from[other] = module
                    queue.append(other)
        return tuple(self._way(came_from, start, end)) if end in came_from else ()

    def _way(self, came_from: dict[str, str], start: str, end: str) -> Iterator[Location]:
        steps = []
        while end != start:
            steps.append((came_from[end], end))
            end = came_from[end]
        return (self.location(module, other) for module, other in reversed(steps))

    def location(self, module: str, imported: str) -> Location:
        """The first statement of ``module`` that imports another one."""
        return Location(self._names.files[module].path, self.lines[module][imported], "import")

    def _closure(self, modules: Iterable[str], *, certain: bool = False) -> frozenset[str]:
        lines = self.certain if certain else self.lines
        found: set[str] = set()
        todo = list(modules)
        while todo:
            module = todo.pop()
            if module not in found and module in self._names.files:
                found.add(module)
                todo += [*lines[module], *parents(module), *(() if certain else self.loaders.get(module, ()))]
        return frozenset(found)

    def loads_unseen(self, loaded: Collection[str]) -> bool:
        """Whether one of the loaded modules may load modules of the target that nobody can tell from source."""
        for module in loaded:
            file = self._names.files[module]
            kinds = {load.kind for load in file.loads}
            if "unknown" in kinds or ("variable" in kinds and role_of(file.path) == "test"):
                return True
        return False

    @cached_property
    def loaders(self) -> dict[str, tuple[str, ...]]:
        """By module: the modules of the packages that its code loads whole."""
        found = {}
        for module, file in self._names.files.items():
            packages = {
                package for load in file.loads for package in [self._names.loaded_package(module, load)] if package
            }
            if packages:
                inside = tuple(f"{package}." for package in packages)
                found[module] = tuple(other for other in self._names.files if other.startswith(inside))
        return found

    def _conftests(self, module: str) -> list[str]:
        folders = PurePosixPath(self._names.files[module].path).parents
        paths = [str(folder / "conftest.py") for folder in folders]
        return [self._names.modules.names[path] for path in paths if path in self._names.modules.names]

    def _named(self, module: str, scopes: Collection[Scope] | None, *, certain: bool = False) -> dict[str, int]:
        """The modules that the statements of a module name, in the given scopes or in any that runs at all."""
        file = self._names.files[module]
        wanted = scopes or ANY_TIME
        found: dict[str, int] = {}
        for statement in file.imports:
            if statement.scope in wanted and not (certain and statement.conditional):
                for name in self._loaded_by(module, file, statement):
                    other = self._nearest(name)
                    if other and other != module and (other == name or not module.startswith(f"{other}.")):
                        found.setdefault(other, statement.line)
        return found

    def _nearest(self, name: str) -> str | None:
        """The module itself, or, of a folder without ``__init__.py``, the package above it."""
        if name in self._names.files:
            return name
        if name not in self._nearest_known:
            above = reversed(parents(name))
            self._nearest_known[name] = next((one for one in above if one in self._names.files), None)
        return self._nearest_known[name]

    def _loaded_by(self, module: str, file: FileRecord, statement: Import) -> Iterator[str]:
        modules = self._names.modules
        if statement.kind == "import":
            for item in statement.names:
                yield modules.absolute(file.path, item.name)
            return
        source = modules.source_of(file.path, statement)
        if source is None or not modules.is_own(source.partition(".")[0]):
            return  # a library's module, of which most names are
        if statement.kind != "from":
            yield source
            return
        for name in self._taken(source, statement):
            if not modules.is_own(f"{source}.{name}") or self._names.is_lazy(source, name):
                yield source
                continue
            submodule = self._names.taken(module, Imported(source, name))
            is_submodule = submodule.name == "" and submodule.module == modules.canonical(f"{source}.{name}")
            yield submodule.module if is_submodule else source

    def _taken(self, source: str, statement: Import) -> Sequence[str]:
        """The names that ``from … import`` takes; a star also imports the submodules that ``__all__`` lists."""
        if statement.names[0].name != "*":
            return [item.name for item in statement.names]
        file = self._names.files.get(source)
        return ["*", *((file.exports or ()) if file else ())]


def _lies_below(path: str, folders: Sequence[str]) -> bool:
    return not folders or any(folder == "." or f"{path}/".startswith(f"{folder}/") for folder in folders)
