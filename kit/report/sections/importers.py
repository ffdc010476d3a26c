"""The importers of the modules that findings and causes name: what a fix must keep working."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kit.facts.counting import import_places
from kit.facts.inventory import Importer
from kit.facts.places import Role
from kit.facts.wording import counted
from kit.report import commands
from kit.report.joined import Joined
from kit.report.wording import enumeration

#: in the order of the table
_ROLES: dict[Role, str] = {
    "production": "production code",
    "migration": "migrations",
    "script": "scripts",
    "test": "tests",
}
_SCOPES = {
    "module": "module level",
    "class": "in a class body",
    "function": "in a function",
    "type_checking": "type checking",
    "try": "in a try block",
    "lazy": "when it is first used",
}


@dataclass(frozen=True)
class ImportedModule:
    """One module and the places that import it, production first; ``told`` counts them by role and scope.

    A statement that imports several names is one place.
    """

    module: str
    places: tuple[Importer, ...]
    told: str


@dataclass(frozen=True)
class Importers:
    """``modules`` is ``None`` when the source was not looked at."""

    modules: tuple[ImportedModule, ...] | None
    total: int
    scopes: dict[str, str]
    scan: str


def view(joined: Joined) -> Importers:
    """Importers by module, the most imported module first."""
    inventory, case = joined.facts.inventory, joined.facts.case
    by_module: dict[str, list[Importer]] = {}
    for importer in import_places(inventory.importers if inventory else ()):
        by_module.setdefault(importer.module, []).append(importer)
    modules = [_module(module, places) for module, places in by_module.items()]
    modules.sort(key=lambda one: (-len(one.places), one.module))
    return Importers(
        modules=tuple(modules) if inventory else None,
        total=sum(len(one.places) for one in modules),
        scopes=_SCOPES,
        scan=commands.scan(case),
    )


def _module(module: str, places: list[Importer]) -> ImportedModule:
    order = list(_ROLES)
    ordered = sorted(places, key=lambda one: (order.index(one.role), one.path, one.line))
    roles = Counter(one.role for one in ordered)
    inside = sum(one.scope == "function" for one in ordered)
    told = enumeration(f"{roles[role]} in {noun}" for role, noun in _ROLES.items() if roles[role])
    in_functions = f"; {counted(inside, 'import')} inside functions" if inside else ""
    return ImportedModule(module, tuple(ordered), f"{counted(len(ordered), 'place')}: {told}{in_functions}")
