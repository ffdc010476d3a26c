"""The attribute that was probably meant, as the source of its class declares it: also of classes inside functions."""

from __future__ import annotations

from collections.abc import Sequence

from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location


def attribute_like(
    scene: Scene, groups: Sequence[Group], owner: str, name: str
) -> tuple[str, tuple[Location, ...]] | None:
    """The attribute most like ``name`` in the classes called ``owner`` that lack it, and where they declare it. Places
    in files that the failures went through come first. ``None`` without such an attribute.
    """
    classes = scene.class_fields.declared(owner) if scene.has_source else ()
    lacking = [fields for fields in classes if name not in fields]
    meant = nearest(name, {other for fields in lacking for other in fields})
    if meant is None:
        return None
    passed = {frame.path for info in scene.chains(*groups) for frame in info.frames}
    places = {fields[meant] for fields in lacking if meant in fields}
    return meant, tuple(sorted(places, key=lambda place: (place.path not in passed, place)))
