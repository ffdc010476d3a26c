"""Relationships with the mapped class that each points at, where source leaves no doubt about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.facts.places import Location
from kit.inventory.mappers.from_source import Declared, Mapper
from kit.inventory.mappers.references import Reference, references_in
from kit.inventory.names.names import Names
from kit.inventory.source.records import RelationshipCall


@dataclass(frozen=True)
class RelationshipLink:
    """A relationship of a mapper, what it refers to, and the classes of its registry that fit: one, unless the class
    is not mapped at all or several answer to the name.
    """

    mapper: Mapper
    declared: Declared[RelationshipCall]
    reference: Reference
    targets: tuple[Mapper, ...]

    @property
    def call(self) -> RelationshipCall:
        """The relationship as it is written."""
        return self.declared.part

    @property
    def location(self) -> Location:
        """Where it is written."""
        return Location(self.declared.path, self.call.line, "relationship")

    @property
    def name(self) -> str:
        """``Order.user``."""
        return f"{self.mapper.fact.name}.{self.call.name}"


def find_links(mappers: Sequence[Mapper], names: Names) -> Iterator[RelationshipLink]:
    """Every relationship of source that names its target."""
    by_name: dict[tuple[str, str], list[Mapper]] = defaultdict(list)
    for mapper in mappers:
        by_name[mapper.registry, mapper.fact.name].append(mapper)
    for mapper in mappers:
        for declared in mapper.relationships:
            alone = [ref for ref in references_in(declared, names) if not ref.in_expression]
            for reference in alone[:1]:
                last = (reference.looked_up or (reference.origin or ("", ""))[1]).rpartition(".")[2]
                fitting = tuple(one for one in by_name[mapper.registry, last] if reference.fits(one.fact))
                yield RelationshipLink(mapper, declared, reference, fitting)
