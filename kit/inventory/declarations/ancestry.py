"""From a class up to the declarative bases of SQLAlchemy that it inherits from."""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.places import Location
from kit.inventory.names.declarative_bases import BASE_FACTORIES, ROOT_CLASSES
from kit.inventory.names.names import Names, Origin

_DEEPEST = 12


def ways_to_bases(names: Names, place: Location) -> tuple[tuple[Location, ...], ...]:
    """The classes of the target that lead from the class at a place to each declarative base, the class itself first;
    one way for each base, in the order of inheritance.
    """
    ways: dict[Location, tuple[Location, ...]] = {}
    for way in _ways(names, place, ()):
        ways.setdefault(way[-1], way)
    return tuple(ways.values())


def _ways(names: Names, place: Location, before: tuple[Location, ...]) -> Iterator[tuple[Location, ...]]:
    module = names.modules.names.get(place.path, "")
    file = names.files.get(module)
    record = next((one for one in file.classes if one.line == place.line), None) if file else None
    way = (*before, place)
    for base in record.bases if record and len(way) < _DEEPEST else ():
        origin = names.resolve(module, base)
        if origin.dotted.rpartition(".")[2] in ROOT_CLASSES:
            yield way
        elif made := _made(names, origin):
            yield (*way, made)
        elif (above := _class(names, origin.module, origin.name)) and above not in way:
            yield from _ways(names, above, way)


def _made(names: Names, origin: Origin) -> Location | None:
    """Where a call makes a declarative base."""
    file = names.files.get(origin.module)
    called = (one for one in file.bindings if one.name == origin.name.removesuffix("()")) if file else ()
    binding = next((one for one in called if (one.reference or "").rpartition(".")[2] in BASE_FACTORIES), None)
    return Location(file.path, binding.line, "definition") if file and binding else None


def _class(names: Names, module: str, name: str) -> Location | None:
    file = names.files.get(module)
    record = next((one for one in file.classes if one.name == name), None) if file else None
    return Location(file.path, record.line, "definition") if file and record else None
