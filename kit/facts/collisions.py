"""A collision as it is among some of its classes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from kit.facts.inventory import CollidingClass, Collision, InventoryFacts
from kit.facts.places import Location


def among(collision: Collision, classes: Collection[CollidingClass], facts: InventoryFacts) -> Collision:
    """The collision as if there were only these of its classes; ``facts`` are those of its inventory.

    Of the relationships those are left that stand beside one of the classes, or in a file that imports one. Where the
    primary class is not among them, the one with most points takes its place.
    """
    if len(classes) == len(collision.classes):
        return collision
    modules = {party.mapped.module for party in classes}
    paths = {party.mapped.path for party in classes}
    paths.update(one.path for one in facts.importers if one.module in modules)
    kept = max(classes, key=lambda party: (party.primary, sum(part.points for part in party.score)))
    return replace(
        collision,
        tables=tuple(sorted({party.mapped.table for party in classes if party.mapped.table})),
        classes=tuple(replace(party, primary=party is kept) for party in classes),
        used_by=tuple(place for place in collision.used_by if place.path in paths),
    )


def at(collision: Collision, places: Collection[Location], facts: InventoryFacts) -> Collision | None:
    """The collision among those of its classes that stand at these places; ``None`` where fewer than two do."""
    lines = {(place.path, place.line) for place in places}
    classes = [party for party in collision.classes if (party.mapped.path, party.mapped.line) in lines]
    return among(collision, classes, facts) if len(classes) > 1 else None
