"""A relationship whose target does not exist, is not mapped, or is never imported.

Configuring the mappers then fails: "expression 'Usr' failed to locate a name".
https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.severities import runs, when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.bases import SQLMODEL, Bases, is_readable
from kit.inventory.mappers.links import RelationshipLink
from kit.inventory.source.records import ClassRecord

NOWHERE = "relationship-target-unknown"
NEVER_IMPORTED = "relationship-target-not-imported"
#: modules with which a package may import what no statement names
_LOADERS = frozenset({"importlib", "pkgutil"})


def find(view: View) -> Iterator[Finding]:
    """One finding for each relationship."""
    known = _known_names(view)
    loads_unseen = _loads_unseen(view)
    for link in view.links:
        wanted = link.reference.looked_up
        if wanted is None or not wanted.replace(".", "").isidentifier():
            continue
        if len(link.targets) == 1 and not loads_unseen and _is_left_out(link, view):
            yield _never_imported(link, wanted, view)
        elif runs(view, link.mapper):
            continue
        elif not link.targets and wanted.rpartition(".")[2] not in known and _is_of_the_target(link, view):
            yield _nowhere(link, wanted, view)
        elif not link.targets and (unmapped := _unmapped(link, wanted, view)):
            yield _not_mapped(link, wanted, *unmapped, view)


def _nowhere(link: RelationshipLink, wanted: str, view: View) -> Finding:
    names = sorted({mapper.fact.name for mapper in view.mappers if mapper.registry == link.mapper.registry})
    near = get_close_matches(wanted.rpartition(".")[2], names, n=1)
    return Finding(
        id=f"{NOWHERE}:{link.mapper.fact.module}.{link.name}",
        kind=NOWHERE,
        severity=when_imported(view, link.mapper.fact.path, link.location.path),
        title=f'{link.name} points at "{wanted}", which no mapped class is',
        locations=(link.location,),
        evidence=(f"No class named {wanted} is defined in the target", *(f"Near to it: {name}" for name in near)),
        details={"target": wanted, "registry": link.mapper.registry},
    )


def _unmapped(link: RelationshipLink, wanted: str, view: View) -> tuple[str, ClassRecord] | None:
    """The one class of that name, with its module, if it looks like a model and is not mapped."""
    name = wanted.rpartition(".")[2]
    found = [(module, record) for (module, _), record in view.names.classes.items() if record.name == name]
    if len(found) != 1 or not (found[0][1].columns or found[0][1].relationships):
        return None
    module, record = found[0]
    is_mapped = any(mapper.key == (module, record.qualname) for mapper in view.mappers)
    is_mapped |= any(one.mapped.rpartition(".")[2] == name for file in view.files for one in file.mappings)
    base = Bases(view.names).lineage(module, record).base
    is_meant = record.abstract or base is None or base.registry == SQLMODEL
    return (module, record) if is_meant and not is_mapped and _is_of_the_target(link, view) else None


def _not_mapped(link: RelationshipLink, wanted: str, module: str, record: ClassRecord, view: View) -> Finding:
    place = Location(view.names.files[module].path, record.line, "definition")
    base = Bases(view.names).lineage(module, record).base
    why = "has no declarative base above it" if base is None else "lacks table=True"
    return Finding(
        id=f"{NOWHERE}:{link.mapper.fact.module}.{link.name}",
        kind=NOWHERE,
        severity=when_imported(view, link.mapper.fact.path, link.location.path),
        title=f'{link.name} points at "{wanted}", which is not mapped',
        locations=(link.location, place),
        evidence=(f"{module}.{record.qualname} {'is abstract' if record.abstract else why}: {place}",),
        details={"target": wanted, "registry": link.mapper.registry},
    )


def _never_imported(link: RelationshipLink, wanted: str, view: View) -> Finding:
    target = link.targets[0].fact
    return Finding(
        id=f"{NEVER_IMPORTED}:{link.mapper.fact.module}.{link.name}",
        kind=NEVER_IMPORTED,
        severity=_severity(link, view),
        title=f'{link.name} points at "{wanted}", whose module nothing imports',
        locations=(link.location, target.location),
        evidence=(f"No import statement in the target names {target.module}",),
        details={"target": wanted, "module": target.module},
    )


def _severity(link: RelationshipLink, view: View) -> Severity:
    return when_imported(view, link.mapper.fact.path)


def _is_left_out(link: RelationshipLink, view: View) -> bool:
    """Whether no statement at all imports the target's module, and the class that points at it is imported without."""
    own, target = link.mapper.fact.module, link.targets[0].fact.module
    if len(link.targets[0].fact.imported_through) > 1:
        return False  # something imports it while the target runs; kit itself imports every module with models
    if target in view.graph.closure(own) or view.importers.of_module(target):
        return False
    return bool(view.importers.of_module(own)) and not view.names.files[target].path.endswith("__init__.py")


def _loads_unseen(view: View) -> bool:
    """Whether some production code may import modules that no statement names."""
    statements = [statement for file in view.files for statement in file.imports if statement.level == 0]
    tops = {(item.module or item.names[0].name).partition(".")[0] for item in statements}
    return bool(tops & _LOADERS)


def _known_names(view: View) -> set[str]:
    """Names of classes that may be mapped in a way that source does not show."""
    names = {record.name for file in view.files for record in file.classes}
    names |= {name for file in view.files for name in file.local_classes}
    names |= {item.alias or item.name for file in view.files for statement in file.imports for item in statement.names}
    return names | {binding.name for file in view.files for binding in file.bindings}


def _is_of_the_target(link: RelationshipLink, view: View) -> bool:
    """Whether all classes of the registry are the target's own and can be read."""
    return is_readable(view.names, link.mapper.registry) and not any(file.error for file in view.files)
