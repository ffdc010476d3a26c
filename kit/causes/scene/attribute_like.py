"""The attribute that was probably meant, as the source of its class declares it: also of classes inside functions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from kit.causes.scene.nearest import nearest, with_a_word_of
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location

#: of 100: from here on, one of two names is a slip of the pen
_MISSPELT = 88


def attribute_like(
    scene: Scene, groups: Sequence[Group], owner: str, name: str
) -> tuple[str, tuple[Location, ...]] | None:
    """The attribute most like ``name`` in the classes called ``owner`` that lack it, and where they declare it. Places
    in files that the failures went through come first. ``None`` without such an attribute.
    """
    classes = scene.class_fields.declared(owner) if scene.has_source else ()
    lacking = [fields for fields in classes if name not in fields]
    meant = _meant(scene, owner, name, {other for fields in lacking for other in fields})
    if meant is None:
        return None
    passed = {frame.path for info in scene.chains(*groups) for frame in info.frames}
    places = {fields[meant] for fields in lacking if meant in fields}
    return meant, tuple(sorted(places, key=lambda place: (place.path not in passed, place)))


def is_idle(scene: Scene, name: str) -> bool:
    """Whether nothing but its declaration names an attribute: whatever used it before uses another name."""
    return scene.declarations.reading.trees.times_named(name) == 1


def _meant(scene: Scene, owner: str, name: str, declared: Collection[str]) -> str | None:
    """A name that is spelt nearly so; else one that nothing uses and that shares a word with it; else a similar one,
    unless the class itself reads the attribute and nothing sets it.
    """
    is_never_set = bool(scene.class_fields.never_set(owner, name))
    idle = [other for other in with_a_word_of(name, sorted(declared)) if is_idle(scene, other)]
    close = get_close_matches(name, declared, n=1, cutoff=_MISSPELT / 100)
    spelt = close[0] if close else None if is_never_set else nearest(name, declared, _MISSPELT)
    return spelt or nearest(name, idle, 0) or (None if is_never_set else nearest(name, declared))
