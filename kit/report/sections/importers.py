"""Who imports the modules that a finding or a cause names: what a fix must keep working."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kit.facts.inventory import Importer
from kit.facts.places import Role
from kit.report import commands
from kit.report.joined import Joined
from kit.report.wording import count, enumeration

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
}


@dataclass(frozen=True)
class ImportedModule:
    """One module and the places that import it, production first; ``told`` counts them by role and scope."""

    module: str
    importers: tuple[Importer, ...]
    told: str


@dataclass(frozen=True)
class Importers:
    """``modules`` is ``None`` when the source was not looked at."""

    modules: tuple[ImportedModule, ...] | None
    total: int
    scopes: dict[str, str]
    scan: str
    trial: str


def view(joined: Joined) -> Importers:
    """Importers by module, the most imported module first."""
    inventory, case = joined.facts.inventory, joined.facts.case
    by_module: dict[str, list[Importer]] = {}
    for importer in inventory.importers if inventory else ():
        by_module.setdefault(importer.module, []).append(importer)
    modules = sorted(by_module.items(), key=lambda item: (-len(item[1]), item[0]))
    return Importers(
        modules=tuple(_module(module, importers) for module, importers in modules) if inventory else None,
        total=sum(len(importers) for _, importers in modules),
        scopes=_SCOPES,
        scan=commands.scan(case),
        trial=commands.trial(case),
    )


def _module(module: str, importers: list[Importer]) -> ImportedModule:
    order = list(_ROLES)
    ordered = sorted(importers, key=lambda one: (order.index(one.role), one.path, one.line))
    roles = Counter(one.role for one in ordered)
    inside = sum(one.scope == "function" for one in ordered)
    told = enumeration(f"{roles[role]} in {noun}" for role, noun in _ROLES.items() if roles[role])
    in_functions = f"; {count(inside, 'import')} inside functions" if inside else ""
    return ImportedModule(module, tuple(ordered), f"{count(len(ordered), 'place')}: {told}{in_functions}")
