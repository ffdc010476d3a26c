"""Files that the target's own imports name in two ways, so that Python executes them twice."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.source.records import Import


@dataclass(frozen=True)
class Double:
    """A file with the module names that absolute imports call it by, and where; nowhere, when only the running target
    tells.
    """

    path: str
    names: Mapping[str, tuple[Location, ...]]

    @property
    def roots(self) -> tuple[str, ...]:
        """The folder that each name starts from, sorted."""
        return tuple(sorted(root_of(self.path, name) for name in self.names))


def root_of(path: str, module: str) -> str:
    """The folder from which a file has that module name: ``"backend"`` for ``backend/app/db.py`` as ``app.db``."""
    inside = f"/{path}".removesuffix(".py").removesuffix("/__init__")
    is_below = inside.endswith(f"/{module.replace('.', '/')}")  # else some loader has made up the name
    return inside[: -len(module)].strip("/") or "." if is_below else "."


def find_doubles(names: Names) -> tuple[Double, ...]:
    """Every such file, by path. Imports for type checkers do not execute anything and do not count."""
    used: dict[str, dict[str, list[Location]]] = defaultdict(lambda: defaultdict(list))
    for file in names.files.values():
        for statement in file.imports:
            if statement.level == 0 and statement.scope != "type_checking":
                for name in _named(statement, names):
                    place = Location(file.path, statement.line, "import")
                    used[names.modules.paths[name]][name].append(place)
    return tuple(
        Double(path, {name: tuple(sorted(set(places))) for name, places in sorted(by_name.items())})
        for path, by_name in sorted(used.items())
        if len(by_name) > 1
    )


def _named(statement: Import, names: Names) -> Iterator[str]:
    """The own modules that a statement names, as it spells them."""
    modules = names.modules
    if statement.kind != "from":
        yield from (item.name for item in statement.names if _is_meant(item.name, modules, dotted=True))
        return
    module = statement.module or ""
    for item in statement.names:
        submodule = f"{module}.{item.name}"
        if submodule in modules.paths:
            yield submodule
        elif (
            module in modules.paths and _is_meant(module, modules) and _has(item.name, modules.canonical(module), names)
        ):
            yield module


def _is_meant(name: str, modules: Modules, *, dotted: bool = False) -> bool:
    """Whether the name can only be the target's: a bare ``import redis`` rather is the library."""
    return (
        name in modules.paths and name.partition(".")[0] not in sys.stdlib_module_names and ("." in name or not dotted)
    )


def _has(name: str, module: str, names: Names) -> bool:
    """Whether the module binds what is taken from it; else another module of that name is meant."""
    file = names.files.get(module)
    return name == "*" or file is None or file.binds_unseen or names.find(module, name) is not None
