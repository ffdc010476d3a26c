"""Which failures name something that an installed release no longer has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.scene.broken_upgrades import is_own_call
from kit.causes.scene.scene import Scene
from kit.causes.upgrades.drift import moves
from kit.causes.upgrades.dropped_names import Dropped, dropped_by
from kit.causes.upgrades.ranges import is_bad
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.upgrades import Breakage

_RAISED: Final = {"ImportError", "ModuleNotFoundError", "AttributeError", "TypeError"}
_OWNER: Final = re.compile(r"'(?P<owner>\w+)' object has no|type object '(?P<type>\w+)' has no")


def by_dropped_name(scene: Scene, groups: Sequence[Group]) -> Iterator[tuple[Breakage, list[Group]]]:
    """What releases dropped, with the groups whose root error names it."""
    found: dict[str, tuple[Breakage, list[Group]]] = {}
    for group in groups:
        if one := _dropped(scene, group):
            found.setdefault(one.id, (one, []))[1].append(group)
    yield from found.values()


def dropped_at_start(scene: Scene, problem: str) -> Breakage | None:
    """What a release dropped, where an error that names it keeps pytest from starting."""
    told = (one.entry for one in dropped_by(problem, scene.environment.releases) if _is_sure(scene, one, ()))
    return next((one for one in told if not _is_own(scene, one)), None)


def _dropped(scene: Scene, group: Group) -> Breakage | None:
    """The entry, if all that fits is of one library."""
    if group.signature.exception.rpartition(".")[2] not in _RAISED:
        return None
    roots = scene.roots(group)
    said = f"{roots[0].type}: {roots[0].message}" if roots else ""
    declared = _declared(scene, said)
    told = [
        one
        for one in dropped_by(said, scene.environment.releases, derived={*declared})
        if not _is_own(scene, one.entry) and _is_sure(scene, one, [group]) and _is_of(scene, one, declared)
    ]
    if len({one.entry.library for one in told}) != 1 or is_own_call(scene, group):
        return None
    return told[0].entry


def _is_own(scene: Scene, one: Breakage) -> bool:
    """Whether the library is what is under test."""
    return not scene.own_packages.isdisjoint(one.imported)


def _declared(scene: Scene, said: str) -> dict[str, tuple[Location, ...]]:
    """The class that an error names, if the source under test defines one of that name, and where."""
    found = _OWNER.search(said)
    name = (found["owner"] or found["type"]) if found and scene.has_source else ""
    places = scene.declarations.classes(name) if name else ()
    return {name: places} if places else {}


def _is_of(scene: Scene, one: Dropped, declared: dict[str, tuple[Location, ...]]) -> bool:
    """Whether a class that the source under test defines is derived from the one that had it."""
    if not declared:
        return True
    pattern = f"class({one.entry.imported[0]}*.{one.owner})"
    found = scene.declarations.library_uses({one.owner: (pattern,)}, {one.owner: one.entry.imported})
    derived = {(place.path, place.line) for place in found.get(one.owner, ())}
    return any((place.path, place.line) in derived for places in declared.values() for place in places)


def _is_sure(scene: Scene, one: Dropped, groups: Sequence[Group]) -> bool:
    """Whether nothing else of the same name can be meant: the error names the module, or the release has just come
    into the environment, or the code that fails imports the library.
    """
    if not one.is_vague:
        return True
    move = moves(scene.environment, scene.inventory.pins).get(one.entry.library)
    if move is not None and not is_bad(one.entry, move.before):
        return True
    paths = {frame.path for root in scene.roots(*groups) for frame in root.frames[-1:] if frame.owner != "library"}
    if not paths or not scene.has_source:
        return False
    identity = one.entry.id
    wanted = {identity: [f"{top}*" for top in one.entry.imported]}
    return bool(scene.declarations.library_uses(wanted, {identity: one.entry.imported}, paths))
