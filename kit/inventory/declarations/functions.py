"""Functions by name, and what of the target a function of a test calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from kit.facts.places import Location
from kit.inventory.declarations.trees import Trees, callee
from kit.inventory.names.names import Names, Origin
from kit.inventory.source.annotations import dotted
from kit.inventory.source.roles import role_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


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


def called_in(trees: Trees, names: Names, path: str, function: str, until: int | None = None) -> tuple[Location, ...]:
    """The target's own definitions in other files that a function of a file calls, the last call first; ``until`` is
    the last line that is looked at. Of a class in the file itself those that it inherits from.
    """
    called = _called(trees.functions(path).get(function, ()), names, path, until)
    found = (other for place in called for other in (_bases(names, place) if place.path == path else [place]))
    return tuple(dict.fromkeys(place for place in found if place.path != path))


def called_from(trees: Trees, names: Names, place: Location) -> tuple[Location, ...]:
    """The target's own definitions that the function at a place calls, the last call first."""
    function = trees.function_at(place)
    return tuple(dict.fromkeys(_called([function], names, place.path, None))) if function else ()


def _called(functions: Sequence[ast.AST], names: Names, path: str, until: int | None) -> Iterator[Location]:
    module = names.modules.names.get(path)
    calls = [
        node
        for defined in functions
        for node in ast.walk(defined)
        if isinstance(node, ast.Call) and (until is None or node.lineno <= until)
    ]
    for node in sorted(calls, key=lambda node: -node.lineno) if module else ():
        name = dotted(node.func)
        if name and module and (place := _own(names, names.resolve(module, name))):
            yield place


def _bases(names: Names, place: Location) -> list[Location]:
    """The definitions of the target that a class inherits from."""
    module = names.modules.names[place.path]
    record = next((one for one in names.files[module].classes if one.line == place.line), None)
    bases = [_own(names, names.resolve(module, base)) for base in record.bases] if record else []
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


def loaded_by_name(trees: Trees, names: Names, path: str) -> dict[str, str]:
    """The modules that a file imports by names put together at run time (``import_module(f"docs.{name}")``), as far as
    the fixed parts tell: what was put in, and the module's path. The name may be put together elsewhere in the file, as
    in a fixture, and get its end later (``f"{package}.main"``).
    """
    tree = trees.tree(path) if "import_module" in trees.text(path) else None
    patterns = sorted(_patterns(tree)) if tree else []
    # of a test and what it tests, the latter
    files = sorted(names.files.items(), key=lambda item: (role_of(item[1].path) != "test", item[0]))
    return {
        found[1]: file.path
        for module, file in (files if patterns else ())
        for pattern in patterns
        if (found := re.fullmatch(pattern, module))
    }


def _patterns(tree: ast.Module) -> set[str]:
    """What matches the modules that ``import_module`` is given by names with an open part."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and callee(node) == "import_module"]
    given = [node.args[0] for node in calls if node.args]
    ends = {end for name in given if (end := _end_of(name)) is not None}
    elsewhere = {pattern for node in ast.walk(tree) if (pattern := _pattern(node))} if ends else set()
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
