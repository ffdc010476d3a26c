"""Mapped classes that answer to one name in one registry, and which of them is the one to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kit.facts.inventory import CollidingClass, Collision, MappedClass
from kit.inventory.mappers import Mapper
from kit.inventory.names import Names
from kit.inventory.references import Reference, references_of

#: the number of places that import a class
CountImporters = Callable[[MappedClass], int]


@dataclass(frozen=True)
class Standing:
    """What speaks for a class to be the primary one: places that import it, columns, relationships, relationships in
    other files that can only mean it, and whether it defines its table or extends one that exists.
    """

    importers: int
    columns: int
    relationships: int
    pointed_at: int
    extends: bool

    def __str__(self) -> str:
        parts = [
            _counted(self.importers, "importer"),
            _counted(self.columns, "column"),
            _counted(self.relationships, "relationship"),
            f"{_counted(self.pointed_at, 'relationship')} in other files can only mean it" if self.pointed_at else "",
            "extends the table that the other defines" if self.extends else "",
        ]
        return ", ".join(part for part in parts if part)


def find_collisions(mappers: Sequence[Mapper], names: Names, importers: CountImporters) -> tuple[Collision, ...]:
    """Every name that two or more classes of a registry have, sorted by name. What is imported is not known yet."""
    groups: dict[tuple[str, str], dict[tuple[str, str], Mapper]] = defaultdict(dict)
    for mapper in mappers:
        groups[mapper.registry, mapper.fact.name].setdefault(mapper.key, mapper)
    colliding = {key: tuple(group.values()) for key, group in groups.items() if len(group) > 1}
    references = {
        registry: [ref for mapper in mappers if mapper.registry == registry for ref in references_of(mapper, names)]
        for registry in {registry for registry, _ in colliding}
    }
    found = [
        _collision(registry, name, parties, references[registry], importers)
        for (registry, name), parties in colliding.items()
    ]
    return _with_unique_ids(sorted(found, key=lambda collision: (collision.name, collision.registry)))


def is_blocking(collision: Collision) -> bool:
    """Whether importing the classes together breaks something: a relationship looks the name up, or the second class
    defines the table again.
    """
    return bool(collision.used_by) or _redefines_table(collision)


def _redefines_table(collision: Collision) -> bool:
    plain = [party.mapped.table for party in collision.classes if not party.mapped.extend_existing]
    return any(plain.count(table) > 1 for table in plain if table)


def _collision(
    registry: str, name: str, parties: Sequence[Mapper], references: Sequence[Reference], importers: CountImporters
) -> Collision:
    facts = [mapper.fact for mapper in parties]
    standings = [_standing(fact, facts, references, importers(fact)) for fact in facts]
    best = max(range(len(facts)), key=lambda index: _score(standings[index], standings))
    classes = [
        CollidingClass(fact, standing.importers, index == best, str(standing))
        for index, (fact, standing) in enumerate(zip(facts, standings, strict=True))
    ]
    used_by = {ref.location for ref in references if ref.looked_up and sum(map(ref.fits, facts)) > 1}
    return Collision(
        id=name,
        name=name,
        registry=registry,
        tables=tuple(sorted({fact.table for fact in facts if fact.table})),
        classes=tuple(sorted(classes, key=lambda party: (not party.primary, party.mapped.path, party.mapped.line))),
        used_by=tuple(sorted(used_by)),
    )


def _standing(
    fact: MappedClass, all_facts: Sequence[MappedClass], references: Sequence[Reference], importers: int
) -> Standing:
    elsewhere = [reference for reference in references if reference.location.path != fact.path]
    pointing = {reference.location for reference in elsewhere if _can_only_mean(reference, fact, all_facts)}
    return Standing(importers, len(fact.columns), len(fact.relationships), len(pointing), fact.extend_existing)


def _can_only_mean(reference: Reference, fact: MappedClass, all_facts: Sequence[MappedClass]) -> bool:
    """A reference to the class itself, by a path that only it has, or to one with an attribute that only it has."""
    fitting = [other for other in all_facts if reference.fits(other)]
    if reference.back_populates and len(fitting) > 1:
        fitting = [other for other in fitting if reference.back_populates in _attributes(other)]
    return fitting == [fact]


def _attributes(fact: MappedClass) -> set[str]:
    return {*fact.columns, *(relationship.name for relationship in fact.relationships)}


def _score(standing: Standing, standings: Sequence[Standing]) -> float:
    """The class's share of each kind of support, added up; what other files need of it counts twice."""

    def share(value: int, values: Sequence[int]) -> float:
        return value / (sum(values) or 1)

    return (
        share(standing.importers, [other.importers for other in standings])
        + share(standing.columns, [other.columns for other in standings])
        + share(standing.relationships, [other.relationships for other in standings])
        + 2 * share(standing.pointed_at, [other.pointed_at for other in standings])
        + (not standing.extends)
    )


def _with_unique_ids(collisions: Sequence[Collision]) -> tuple[Collision, ...]:
    """The name is the id, with the registry where several registries have a collision of that name."""
    names = [collision.name for collision in collisions]
    ambiguous = {name for name in names if names.count(name) > 1}
    return tuple(replace(one, id=f"{one.name}@{one.registry}") if one.name in ambiguous else one for one in collisions)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
