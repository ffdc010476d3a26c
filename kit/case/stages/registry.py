"""Stage 1: what is mapped where, and what collides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit.case.stages.excerpts import with_definitions
from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.inventory import Inventory, judge_by_run


@dataclass(frozen=True)
class MappedRegistry:
    """The inventory, and the causes that it shows before any test has run."""

    inventory: InventoryFacts
    causes: tuple[Cause, ...]


def map_registry(target: Target, suite: SuiteFacts | None) -> MappedRegistry:
    """Read the source and ask the mapper registries of the target.

    A ``suite`` that has run tells which collisions are there now.
    """
    found = Inventory.of(target)
    collisions = tuple(with_definitions(found.facts.collisions, target.path))
    facts = replace(found.facts, collisions=collisions, reached=found.reached(), foreseen=found.foreseen())
    if suite is not None:
        facts = marked_loaded(facts, suite)
    return MappedRegistry(facts, find_causes(facts, None, None))


def marked_loaded(facts: InventoryFacts, suite: SuiteFacts) -> InventoryFacts:
    """The inventory with what the suite has shown: which classes its tests import together, which findings it
    disproved.
    """
    return judge_by_run(facts, suite)
