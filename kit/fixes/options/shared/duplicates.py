"""Two mapped classes for one thing: what the duplicate has that the primary lacks, and how it moves over.

https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.facts.causes import Cause
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.texts import text_of
from kit.fixes.scene import FixScene
from kit.fixes.source.imports import ImportBinding, bindings, clean, names_used, with_import
from kit.fixes.source.tree import calls_in, code_of, member_name, members, parse, top_class

URL = "https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#late-evaluation-of-relationship-arguments"

#: names of a class body that say how it is mapped, and are not carried over
_HOW_MAPPED = frozenset({"__tablename__", "__table_args__", "__mapper_args__", "__abstract__"})


@dataclass(frozen=True)
class Pair:
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

    @property
    def lost_of_table(self) -> tuple[str, ...]:
        """The table that only the duplicate has, else the named indexes and constraints that it gives to both's."""
        if self.duplicate.table and self.duplicate.table_key != self.primary.table_key:
            return (f"the table {self.duplicate.table}",)
        found, own = _named_in_table(self.duplicate_class), code_of(self.primary_class)
        generated = {
            f"ix_{self.primary.table}_{name}"
            for name, node in members(self.primary_class).items()
            if "index=True" in code_of(node).replace(" ", "")
        }
        return tuple(
            f"{kind} {name}" for name, kind in found.items() if f'"{name}"' not in own and name not in generated
        )


def _named_in_table(node: cst.ClassDef) -> dict[str, str]:
    """The names of what ``__table_args__`` of a class defines, and what each is: ``Index``, ``UniqueConstraint``."""
    arguments = members(node).get("__table_args__")
    calls = calls_in(arguments) if arguments is not None else ()
    found: dict[str, str] = {}
    for call in calls:
        kind = (get_full_name_for_node(call.func) or "").rpartition(".")[2]
        named = [one.value for one in call.args if one.keyword and one.keyword.value == "name"]
        named += [one.value for one in call.args[:1] if kind == "Index" and one.keyword is None]
        if named and (name := text_of(named[0])):
            found[name] = kind
    return found


def classes_of(cause: Cause, scene: FixScene) -> tuple[MappedClass, tuple[MappedClass, ...]] | None:
    """The primary class of a collision, and its duplicates."""
    collision = scene.collision(cause)
    if collision is None:
        return None
    primary = next((party.mapped for party in collision.classes if party.primary), None)
    duplicates = tuple(party.mapped for party in collision.classes if not party.primary)
    return (primary, duplicates) if primary and duplicates else None


def pairs_of(scene: FixScene, primary: MappedClass, duplicates: Sequence[MappedClass]) -> list[Pair] | None:
    """Each duplicate with its primary; ``None`` unless every class stands at the top level of a module of its own.

    Raises :class:`~kit.fixes.source.tree.NotEditableError`.
    """
    pairs = [_pair(scene, duplicate, primary) for duplicate in duplicates]
    found = [pair for pair in pairs if pair is not None]
    return found if len(found) == len(pairs) else None


def _pair(scene: FixScene, old: MappedClass, new: MappedClass) -> Pair | None:
    if old.path == new.path:
        return None
    old_module, new_module = parse(scene.text(old.path), old.path), parse(scene.text(new.path), new.path)
    old_class, new_class = top_class(old_module, old.name), top_class(new_module, new.name)
    if old_class is None or new_class is None:
        return None
    return Pair(old, new, old_module, new_module, old_class, new_class)


def needed_elsewhere(scene: FixScene, pair: Pair) -> frozenset[str]:
    """The names that other modules import from the duplicate's module: their imports stay there."""
    found = scene.inventory.importers
    return frozenset(one.name for one in found if one.module == pair.duplicate.module and one.name)


def re_exported(scene: FixScene, pair: Pair) -> cst.Module:
    """The duplicate's module without its class; it imports the primary class under the duplicate's name."""
    again = ImportBinding(pair.primary.module, pair.primary.name, pair.duplicate.name, for_types=False)
    return with_import(without_class(pair, needed_elsewhere(scene, pair)), again)


def without_class(pair: Pair, needed: frozenset[str]) -> cst.Module:
    """The duplicate's module without its class, and without the imports that only the class used."""
    without = pair.duplicate_module.deep_remove(pair.duplicate_class)
    assert isinstance(without, cst.Module)
    return clean(without, pair.duplicate_module, needed)


def carried_over_all(pairs: Sequence[Pair]) -> tuple[cst.Module, list[str]]:
    """The primary's module with what only its duplicates have, and what could not be moved, with why."""
    carried, left = pairs[0].primary_module, list[str]()
    for pair in pairs:
        carried, missing = _carried_over(carried, pair)
        left += missing
    return carried, left


def _carried_over(module: cst.Module, pair: Pair) -> tuple[cst.Module, list[str]]:
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


def _imports_for(node: cst.BaseStatement, pair: Pair) -> list[ImportBinding] | str:
    """What the primary's module has to import for a member of the duplicate; a sentence where that cannot be.

    What the duplicate's module defines can be imported for types only, since it imports the primary's module.
    """
    names, imported = names_used(node), bindings(pair.duplicate_module)
    own = _defined(pair.duplicate_module) - {pair.primary.name}
    if local := sorted(names.in_code & own):
        return f"uses {local[0]}, which {pair.duplicate.path} defines"
    wanted = [imported[name] for name in names if name in imported and imported[name].module != pair.primary.module]
    wanted += [
        ImportBinding(pair.duplicate.module, name, name, for_types=True) for name in sorted(names.in_strings & own)
    ]
    return wanted


def _defined(module: cst.Module) -> frozenset[str]:
    """What a module defines itself, at its top level."""
    named = [one.name.value for one in module.body if isinstance(one, cst.ClassDef | cst.FunctionDef)]
    assigned = [member_name(one) for one in module.body if isinstance(one, cst.SimpleStatementLine)]
    return frozenset([*named, *(name for name in assigned if name)])


def _same(one: ImportBinding, other: ImportBinding) -> bool:
    return (one.module, one.obj) == (other.module, other.obj)


def told(found: dict[str, cst.BaseStatement]) -> list[str]:
    """Members of a class, as people call them."""
    return [f"method {name}" if isinstance(node, cst.FunctionDef) else name for name, node in found.items()]


def _flat(node: cst.BaseStatement) -> str:
    return " ".join(code_of(node).split())
