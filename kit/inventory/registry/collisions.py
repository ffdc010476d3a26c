"""Mapped classes that answer to one name in one registry, and which of them is the one to keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kit.facts.inventory import CollidingClass, Collision, MappedClass, ScorePart
from kit.facts.wording import counted
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.references import Reference, references_of
from kit.inventory.names.names import Names

#: points for the whole of each kind of support; classes share them. What other files need of a class counts most
_WEIGHTS = {
    "importers": 1.0,
    "importers in tests": 0.5,
    "columns": 1.0,
    "relationships": 1.0,
    "relationships that can only mean it": 2.0,
    "defines its table": 1.0,
}
_OLDEST = 0.5


@dataclass(frozen=True)
class Support:
    """What the rest of the target says of a class: the places that import it, those of them in tests, and the age of
    its statement in days, ``None`` where version control does not tell.
    """

    importers: int
    in_tests: int = 0
    age_days: int | None = None


#: asks the rest of the target about a class
Ask = Callable[[MappedClass], Support]


@dataclass(frozen=True)
class Standing:
    """What speaks for a class to be the primary one: its support, columns, relationships, relationships in other files
    that can only mean it, and whether it defines its table or extends one that exists.
    """

    support: Support
    columns: int
    relationships: int
    pointed_at: int
    extends: bool

    def __str__(self) -> str:
        parts = [
            counted(self.support.importers, "place imports the class", "places import the class"),
            counted(self.columns, "column"),
            counted(self.relationships, "relationship"),
            f"{counted(self.pointed_at, 'relationship')} in other files can only mean it" if self.pointed_at else "",
            "extends the table that the other defines" if self.extends else "",
        ]
        return ", ".join(part for part in parts if part)

    @property
    def counts(self) -> dict[str, int]:
        """What is shared among the classes, by the names of the weights."""
        values = (
            self.support.importers,
            self.support.in_tests,
            self.columns,
            self.relationships,
            self.pointed_at,
            int(not self.extends),
        )
        return dict(zip(_WEIGHTS, values, strict=True))


def find_collisions(mappers: Sequence[Mapper], names: Names, ask: Ask) -> tuple[Collision, ...]:
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
        _collision(registry, name, parties, references[registry], ask)
        for (registry, name), parties in colliding.items()
    ]
    return _with_unique_ids(sorted(found, key=lambda collision: (collision.name, collision.registry)))


def is_blocking(collision: Collision) -> bool:
    """Whether importing the classes together breaks something: a relationship looks the name up, or the second class
    defines the table again.
    """
    return bool(collision.used_by) or _redefines_table(collision)


def _redefines_table(collision: Collision) -> bool:
    plain = [party.mapped.table_key for party in collision.classes if not party.mapped.extend_existing]
    return any(plain.count(key) > 1 for key in plain if key[2])


def _collision(
    registry: str, name: str, parties: Sequence[Mapper], references: Sequence[Reference], ask: Ask
) -> Collision:
    facts = [mapper.fact for mapper in parties]
    standings = [_standing(fact, facts, references, ask(fact)) for fact in facts]
    scores = [_score(standing, standings) for standing in standings]
    best = max(range(len(facts)), key=lambda index: sum(part.points for part in scores[index]))
    classes = [
        CollidingClass(fact, standing.support.importers, index == best, str(standing), score)
        for index, (fact, standing, score) in enumerate(zip(facts, standings, scores, strict=True))
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
    fact: MappedClass, all_facts: Sequence[MappedClass], references: Sequence[Reference], support: Support
) -> Standing:
    elsewhere = [reference for reference in references if reference.location.path != fact.path]
    pointing = {reference.location for reference in elsewhere if _can_only_mean(reference, fact, all_facts)}
    return Standing(support, len(fact.columns), len(fact.relationships), len(pointing), fact.extend_existing)


def _can_only_mean(reference: Reference, fact: MappedClass, all_facts: Sequence[MappedClass]) -> bool:
    """A reference to the class itself, by a path that only it has, or to one with an attribute that only it has."""
    fitting = [other for other in all_facts if reference.fits(other)]
    if reference.back_populates and len(fitting) > 1:
        fitting = [other for other in fitting if reference.back_populates in _attributes(other)]
    return fitting == [fact]


def _attributes(fact: MappedClass) -> set[str]:
    return {*fact.columns, *(relationship.name for relationship in fact.relationships)}


def _score(standing: Standing, standings: Sequence[Standing]) -> tuple[ScorePart, ...]:
    """The class's share of each kind of support; where version control tells the ages, the oldest gets points too."""
    parts = []
    for what, value in standing.counts.items():
        whole = sum(other.counts[what] for other in standings)
        parts.append(ScorePart(what, value, round(_WEIGHTS[what] * value / whole, 2) if whole else 0.0))
    ages = [other.support.age_days for other in standings]
    age = standing.support.age_days
    if age is not None and None not in ages:
        is_oldest = all(age >= other for other in ages if other is not None) and len(set(ages)) > 1
        parts.append(ScorePart("days in version control", age, _OLDEST if is_oldest else 0.0))
    return tuple(parts)


def _with_unique_ids(collisions: Sequence[Collision]) -> tuple[Collision, ...]:
    """The name is the id, with the registry where several registries have a collision of that name."""
    names = [collision.name for collision in collisions]
    ambiguous = {name for name in names if names.count(name) > 1}
    return tuple(replace(one, id=f"{one.name}@{one.registry}") if one.name in ambiguous else one for one in collisions)
