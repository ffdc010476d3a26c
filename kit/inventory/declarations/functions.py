"""Functions by name, and what of the target a function of a test calls."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.names import Names, Origin
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of
from kit.inventory.source.walking import walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

#: line and definition of calls
_Called = tuple[tuple[int, Location], ...]


def places_of_function(trees: Trees, qualname: str) -> tuple[Location, ...]:
    """The definitions of a function or method: ``name`` or ``Class.name``, functions within functions included."""
    *owners, name = qualname.replace(".<locals>", "").split(".")
    wanted = re.compile(rf"\bdef {re.escape(name)}\b")
    return tuple(
        Location(path, node.lineno, "definition")
        for path, tree in trees.matching(wanted, name)
        for chain, node in _definitions(tree, ())
        if node.name == name and (not owners or chain[-len(owners) :] == tuple(owners))
    )


@dataclass(frozen=True)
class CalledDefinitions:
    """What of the target the functions of a file call. It is kept for each file, and small beside the file's tree."""

    trees: Trees
    names: Names

    def called_in(self, path: str, function: str, until: int | None = None) -> tuple[Location, ...]:
        """The target's own definitions in other files that the functions of this name in a file call, the last call
        first; ``until`` is the last line that is looked at. Of a class in the file itself those that it inherits from.
        """
        called = (place for line, place in self._of_file(path).get(function, ()) if until is None or line <= until)
        found = (other for place in called for other in (self._bases(place) if place.path == path else [place]))
        return tuple(dict.fromkeys(place for place in found if place.path != path))

    @cached_property
    def called_from(self) -> Callable[[Location], tuple[Location, ...]]:
        """The target's own definitions that the function at a place calls, the last call first."""
        return lru_cache(maxsize=None)(self._called_from)

    def _called_from(self, place: Location) -> tuple[Location, ...]:
        function = self.trees.function_at(place)
        return tuple(dict.fromkeys(called for _, called in self._called([function], place.path))) if function else ()

    @cached_property
    def _of_file(self) -> Callable[[str], Mapping[str, _Called]]:
        return lru_cache(maxsize=None)(self._read)

    def _read(self, path: str) -> dict[str, _Called]:
        """By the name of a function: line and definition of each call, the last one first."""
        found = ((name, self._called(nodes, path)) for name, nodes in self.trees.functions(path).items())
        return {name: called for name, called in found if called}

    def _called(self, functions: Sequence[ast.AST], path: str) -> _Called:
        module = self.names.modules.names.get(path)
        if not module:
            return ()
        calls = [
            (node.lineno, name)
            for node in walk(*functions)
            if isinstance(node, ast.Call) and (name := dotted(node.func))
        ]
        calls.sort(key=lambda call: -call[0])
        return tuple((line, place) for line, name in calls if (place := self._own(module, name)))

    @cached_property
    def _own(self) -> Callable[[str, str], Location | None]:
        """Where the definition of the target is that a name of a module leads to."""
        return lru_cache(maxsize=None)(lambda module, name: _own(self.names, self.names.resolve(module, name)))

    def _bases(self, place: Location) -> list[Location]:
        """The definitions of the target that a class inherits from."""
        module = self.names.modules.names[place.path]
        record = next((one for one in self.names.files[module].classes if one.line == place.line), None)
        bases = [self._own(module, base) for base in record.bases] if record else []
        return [base for base in bases if base]


def _own(names: Names, origin: Origin) -> Location | None:
    """Where an origin is defined, if that is in the target: of ``Class.method`` the class."""
    file = names.files.get(origin.module)
    name = origin.name.partition(".")[0].removesuffix("()")
    binding = next((one for one in file.bindings if one.name == name), None) if file else None
    return Location(file.path, binding.line, "called") if file and binding else None


def _definitions(
    node: ast.AST, chain: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, (*_FUNCTIONS, ast.ClassDef))
        if isinstance(child, _FUNCTIONS):
            yield chain, child
        yield from _definitions(child, (*chain, child.name) if named else chain)  # type: ignore[attr-defined]


def loaded_by_name(trees: Trees, names: Names, path: str) -> dict[str, tuple[str, ...]]:
    """The modules that a file imports by names put together at run time (``import_module(f"docs.{name}")``), as far as
    the fixed parts tell: what was put in, and the paths of its modules. The name may be put together elsewhere in the
    file, as in a fixture, and get its end later (``f"{package}.main"``). Of tests and what they test, the latter.
    """
    tree = trees.tree(path) if "import_module" in trees.text(path) else None
    patterns = sorted(_patterns(tree)) if tree else []
    if not patterns:  # as in nearly every file, of which there may be thousands
        return {}
    loaded: dict[str, set[str]] = defaultdict(set)
    for module, file in names.files.items():
        for pattern in patterns:
            if found := re.fullmatch(pattern, module):
                loaded[found[1]].add(file.path)
    tested = {name: {path for path in paths if role_of(path) != "test"} or paths for name, paths in loaded.items()}
    return {name: tuple(sorted(paths)) for name, paths in tested.items()}


def _patterns(tree: ast.Module) -> set[str]:
    """What matches the modules that ``import_module`` is given by names with an open part."""
    calls = [node for node in walk(tree) if isinstance(node, ast.Call) and callee(node) == "import_module"]
    given = [node.args[0] for node in calls if node.args]
    ends = {end for name in given if (end := _end_of(name)) is not None}
    elsewhere = {pattern for node in walk(tree) if (pattern := _pattern(node))} if ends else set()
    return {pattern for name in given if (pattern := _pattern(name))} | {
        pattern + re.escape(end) for pattern in elsewhere for end in ends
    }


def _end_of(name: ast.expr) -> str | None:
    """What follows a name that is put together elsewhere; ``None`` where it is put together here."""
    match name:
        case ast.Name() | ast.Attribute():
            return ""
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str() as end)]):
            return end
    return None


def _pattern(name: ast.AST) -> str | None:
    """Of an f-string with one open part behind a fixed package: what matches it."""
    if not isinstance(name, ast.JoinedStr):
        return None
    fixed = [part.value if isinstance(part, ast.Constant) else None for part in name.values]
    if fixed.count(None) != 1 or not str(fixed[0] or "").strip("."):
        return None
    return "".join("(.+)" if part is None else re.escape(str(part)) for part in fixed)
