"""Why something is missing at run time that a message says does not exist: five truths behind one sentence.

It may be defined and not imported, live in another MetaData or registry, be a class that is not mapped, stand in
another schema, or really be absent. The source and the loaded modules decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.inventory import MappedClass
from kit.facts.places import Location

Truth = Literal["not loaded", "elsewhere", "not mapped", "other schema", "absent"]


@dataclass(frozen=True)
class Absence:
    """What is true of a missing thing, and where it is defined; ``meant`` is the nearest name of an absent one."""

    truth: Truth
    places: tuple[Location, ...] = ()
    schema: str = ""
    meant: str | None = None


def missing_table(scene: Scene, groups: Sequence[Group], missing: str, asking: str) -> Absence:
    """Why a foreign key of the table ``asking`` does not find the table ``missing``."""
    owners = scene.mapped_by_table.get(asking.rpartition(".")[2], ())
    schema, _, table = missing.rpartition(".")
    mapped = scene.mapped_by_table.get(table, ())
    same = [one for one in mapped if (one.schema or "") == schema]
    if mapped and not same:
        return Absence("other schema", _places(mapped), schema=mapped[0].schema or "")
    tables = [] if same else list(scene.declarations.tables(table))
    places = _places(same) or tuple(tables)
    if not places:
        return Absence("absent", meant=nearest(missing, scene.mapped_by_table))
    beside = {place.path for place in _places(owners) or scene.declarations.tables(asking)}
    if not any(place.path in beside or is_loaded(scene, groups, place.path) for place in places):
        return Absence("not loaded", places)
    own = {one.metadata for one in owners}
    return Absence("elsewhere" if not own or own.isdisjoint(one.metadata for one in same) else "not loaded", places)


def missing_class(scene: Scene, name: str, asking: Sequence[MappedClass]) -> Absence:
    """Why a relationship of ``asking`` does not find a mapped class called ``name``, which may be a dotted path."""
    bare = name.rpartition(".")[2]
    mapped = scene.mapped_by_name.get(bare, ())
    if mapped:
        bases = {one.base for one in asking}
        elsewhere = bool(bases) and bases.isdisjoint(one.base for one in mapped)
        return Absence("elsewhere" if elsewhere else "not loaded", _places(mapped))
    tables = scene.declarations.tables(name)
    if tables:
        beside = {one.path for one in asking} | scene.loaded_paths
        return Absence("elsewhere" if any(place.path in beside for place in tables) else "not loaded", tables)
    written = scene.declarations.classes(bare) if bare.isidentifier() else ()
    if written:
        return Absence("not mapped", written)
    return Absence("absent", meant=nearest(name, scene.mapped_by_name))


def is_loaded(scene: Scene, groups: Sequence[Group], path: str) -> bool:
    """Whether a file was imported when these tests failed: when collection ended, or by their own imports."""
    if path in scene.loaded_paths:
        return True
    files = {result.path for result in scene.results(*groups)}.union(*(group.files for group in groups))
    return any(path in scene.imported_by_tests.get(file, ()) for file in files)


def _places(mapped: Sequence[MappedClass]) -> tuple[Location, ...]:
    return tuple(one.location for one in mapped)
