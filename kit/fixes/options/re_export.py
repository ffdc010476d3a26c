"""Keep one class of a collision: the module of the duplicate imports it from the module of the primary one.

Two options: the plain one, and one in which what only the duplicate has moves to the primary class. The other models
of the duplicate's module stay, and so does every importer.
https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import CollidingClass, Collision, MappedClass
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import (
    Binding,
    bindings,
    clean,
    names_used,
    with_import,
)
from kit.fixes.source.tree import NotEditableError, code_of, member_name, members, parse, top_class

CAUSES = frozenset({"mapper-collision"})
KIND, CARRY = "re-export", "re-export-and-carry-over"
_URL = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments"

#: names of a class body that say how it is mapped, and are not carried over
_HOW_MAPPED = frozenset({"__tablename__", "__table_args__", "__mapper_args__", "__abstract__"})


@dataclass(frozen=True)
class _Pair:
    """A duplicate and the primary class that takes its place, with the trees of both modules."""

    duplicate: MappedClass
    primary: MappedClass
    duplicate_module: cst.Module
    primary_module: cst.Module
    duplicate_class: cst.ClassDef
    primary_class: cst.ClassDef

    @property
    def only_there(self) -> dict[str, cst.BaseStatement]:
        """The members that only the duplicate has."""
        own = members(self.primary_class)
        found = members(self.duplicate_class)
        return {name: node for name, node in found.items() if name not in own and name not in _HOW_MAPPED}

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The members that both have, written differently: the primary's count from then on."""
        own, found = members(self.primary_class), members(self.duplicate_class)
        both = [name for name in found if name in own and name not in _HOW_MAPPED]
        return tuple(
            f"{name}: {_flat(found[name])} gives way to {_flat(own[name])}"
            for name in both
            if _flat(found[name]) != _flat(own[name])
        )


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The two options, for collisions in which every class stands at the top level of a module of its own."""
    collision = scene.collision(cause)
    primary = next((party for party in collision.classes if party.primary), None) if collision else None
    if collision is None or primary is None:
        return
    duplicates = [party for party in collision.classes if not party.primary]
    where = ", ".join(party.mapped.module for party in duplicates)
    title = f"Let {where} import {primary.mapped.name} from {primary.mapped.module}"
    try:
        pairs = [_pair(scene, party, primary) for party in duplicates]
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if any(pair is None for pair in pairs):
        return
    yield from _options(cause, scene, collision, title, [pair for pair in pairs if pair is not None])


def _pair(scene: FixScene, duplicate: CollidingClass, primary: CollidingClass) -> _Pair | None:
    old, new = duplicate.mapped, primary.mapped
    if old.path == new.path:
        return None
    old_module, new_module = parse(scene.text(old.path), old.path), parse(scene.text(new.path), new.path)
    old_class, new_class = top_class(old_module, old.name), top_class(new_module, new.name)
    if old_class is None or new_class is None:
        return None
    return _Pair(old, new, old_module, new_module, old_class, new_class)


def _options(
    cause: Cause, scene: FixScene, collision: Collision, title: str, pairs: list[_Pair]
) -> Iterator[FixOption]:
    importers = sum(party.importers for party in collision.classes if not party.primary)
    why = f"What imports the duplicate stays as it is ({importers} {'place' if importers == 1 else 'places'})"
    re_exported: dict[str, str | None] = {
        pair.duplicate.path: _re_exported(pair, _needed_elsewhere(scene, pair)).code for pair in pairs
    }
    lost = tuple(name for pair in pairs for name in _told(pair.only_there))
    conflicts = tuple(line for pair in pairs for line in pair.conflicts)
    yield option_of(
        cause, scene, Proposal(KIND, title, why, re_exported, losses=(*lost, *conflicts), documentation=_URL)
    )
    primary = pairs[0].primary
    carried, left = pairs[0].primary_module, list[str]()
    for pair in pairs:
        carried, missing = _carried_over(carried, pair)
        left += missing
    if len(left) == len(lost):  # nothing was moved
        return
    yield option_of(
        cause,
        scene,
        Proposal(
            CARRY,
            f"{title}, and move what only the duplicate has to it",
            f"{why}; {', '.join(lost)} would be lost without it",
            {**re_exported, primary.path: carried.code},
            losses=(*left, *conflicts),
            documentation=_URL,
        ),
    )


def _needed_elsewhere(scene: FixScene, pair: _Pair) -> frozenset[str]:
    """The names that other modules import from the duplicate's module: their imports stay there."""
    found = scene.inventory.importers
    return frozenset(one.name for one in found if one.module == pair.duplicate.module and one.name)


def _re_exported(pair: _Pair, needed: frozenset[str]) -> cst.Module:
    before = pair.duplicate_module
    without = before.deep_remove(pair.duplicate_class)
    assert isinstance(without, cst.Module)
    again = Binding(pair.primary.module, pair.primary.name, pair.duplicate.name, for_types=False)
    return with_import(clean(without, before, needed), again)


def _carried_over(module: cst.Module, pair: _Pair) -> tuple[cst.Module, list[str]]:
    """The primary's module with the members that only the duplicate has, and what could not be moved, with why."""
    moved: list[cst.BaseStatement] = []
    left: list[str] = []
    for name, node in pair.only_there.items():
        wanted = _imports_for(node, pair)
        bound = bindings(module)
        if isinstance(wanted, str):
            left.append(f"{name}: {wanted}")
        elif clashing := [one.name for one in wanted if one.name in bound and not _same(bound[one.name], one)]:
            left.append(f"{name}: {clashing[0]} means something else in {pair.primary.path}")
        else:
            moved.append(node)
            for one in wanted:
                module = module if one.name in bound else with_import(module, one)
    primary = top_class(module, pair.primary.name)
    assert primary is not None
    assert isinstance(primary.body, cst.IndentedBlock)
    grown = primary.with_changes(body=primary.body.with_changes(body=(*primary.body.body, *moved)))
    changed = module.deep_replace(primary, grown)
    assert isinstance(changed, cst.Module)
    return changed, left


def _imports_for(node: cst.BaseStatement, pair: _Pair) -> list[Binding] | str:
    """What the primary's module has to import for a member of the duplicate; a sentence where that cannot be.

    What the duplicate's module defines can be imported for types only, since it imports the primary's module.
    """
    names, imported = names_used(node), bindings(pair.duplicate_module)
    own = _defined(pair.duplicate_module) - {pair.primary.name}
    if local := sorted(names.in_code & own):
        return f"uses {local[0]}, which {pair.duplicate.path} defines"
    wanted = [imported[name] for name in names if name in imported and imported[name].module != pair.primary.module]
    wanted += [Binding(pair.duplicate.module, name, name, for_types=True) for name in sorted(names.in_strings & own)]
    return wanted


def _defined(module: cst.Module) -> frozenset[str]:
    """What a module defines itself, at its top level."""
    named = [one.name.value for one in module.body if isinstance(one, cst.ClassDef | cst.FunctionDef)]
    assigned = [member_name(one) for one in module.body if isinstance(one, cst.SimpleStatementLine)]
    return frozenset([*named, *(name for name in assigned if name)])


def _same(one: Binding, other: Binding) -> bool:
    return (one.module, one.obj) == (other.module, other.obj)


def _told(found: dict[str, cst.BaseStatement]) -> list[str]:
    return [f"method {name}" if isinstance(node, cst.FunctionDef) else name for name, node in found.items()]


def _flat(node: cst.BaseStatement) -> str:
    return " ".join(code_of(node).split())
