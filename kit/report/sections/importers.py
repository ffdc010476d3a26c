"""The importers of the modules that findings and causes name: what a fix must keep working."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.counting import import_places
from kit.facts.inventory import Importer
from kit.facts.places import Role
from kit.facts.wording import counted
from kit.report import commands
from kit.report.joined import Joined
from kit.report.kept import kept_fixes
from kit.report.sections.missing import Missing
from kit.report.sections.reach import ReachView, reach
from kit.report.wording import enumeration, one_line

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
class ImportersView:
    """``still`` are sentences that say whether modules import with each fix, ``reach`` is how far the module at fault
    reaches.
    """

    modules: tuple[ImportedModule, ...]
    total: int
    scopes: dict[str, str]
    reach: ReachView | None
    still: tuple[str, ...]


def view(joined: Joined) -> ImportersView | Missing:
    """Importers by module, the most imported module first."""
    inventory = joined.facts.inventory
    if inventory is None:
        return Missing("The source was not looked at.", commands.scan(joined.facts.case))
    if not inventory.importers:
        return Missing("No finding or cause names a module that something imports.")
    by_module: dict[str, list[Importer]] = {}
    for importer in import_places(inventory.importers):
        by_module.setdefault(importer.module, []).append(importer)
    modules = [_module(module, places) for module, places in by_module.items()]
    modules.sort(key=lambda one: (-len(one.places), one.module))
    return ImportersView(
        modules=tuple(modules),
        total=sum(len(one.places) for one in modules),
        scopes=_SCOPES,
        reach=reach(joined),
        still=tuple(_still(joined)),
    )


def _still(joined: Joined) -> Iterator[str]:
    kept, facts = kept_fixes(joined), joined.facts.fixes
    first = facts.first_trials if facts else {}
    for number, option in enumerate(kept.options if kept else (), start=1):
        checks = first[option.id].checks if option.id in first else ()
        check = next((one for one in checks if one.name == "imports"), None)
        detail = f": {one_line(check.detail)}" if check and check.detail else ""
        found = {True: "everything still imports", False: "something no longer imports"}
        told = found[check.holds] if check and check.holds is not None else "not measured"
        yield f"With fix {number}, {told}{detail}."


def _module(module: str, places: list[Importer]) -> ImportedModule:
    order = list(_ROLES)
    ordered = sorted(places, key=lambda one: (order.index(one.role), one.path, one.line))
    roles = Counter(one.role for one in ordered)
    inside = sum(one.scope == "function" for one in ordered)
    told = enumeration(f"{roles[role]} in {noun}" for role, noun in _ROLES.items() if roles[role])
    in_functions = f"; {counted(inside, 'import')} inside functions" if inside else ""
    return ImportedModule(module, tuple(ordered), f"{counted(len(ordered), 'place')}: {told}{in_functions}")
