"""A collision side by side: what its classes have in common, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.inventory import CollidingClass, Collision, ScorePart
from kit.facts.wording import counted
from kit.report.anchors import anchor
from kit.report.definitions import DefinitionRow, side_by_side
from kit.report.wording import enumeration


@dataclass(frozen=True)
class AttributeDifference:
    """An attribute that not every class has: for each class what it has there, or ``None``."""

    name: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Points:
    """A part of the score: for each class how much of it there is, and the points that it gives."""

    what: str
    cells: tuple[ScorePart | None, ...]


@dataclass(frozen=True)
class CollisionView:
    """Classes stand with the primary one first; differences and the parts of the score are rows of that table, their
    cells in the same order. ``totals`` are all the points of each class.
    """

    collision: Collision
    anchor: str
    state: str
    parties: tuple[CollidingClass, ...]
    columns: tuple[AttributeDifference, ...]
    relationships: tuple[AttributeDifference, ...]
    common_columns: tuple[str, ...]
    common_relationships: tuple[str, ...]
    definitions: tuple[DefinitionRow, ...]
    score: tuple[Points, ...]
    totals: tuple[float, ...]


_STATES = {
    True: "The collected suite imports at least two of the classes.",
    False: "No collected test imports two of the classes yet. The first import that brings them together blocks tests.",
    None: "Whether tests meet it is not measured: the suite was not collected.",
}


def collision_view(collision: Collision) -> CollisionView:
    """What the page shows of a collision."""
    parties = tuple(sorted(collision.classes, key=lambda party: not party.primary))
    columns = [dict.fromkeys(party.mapped.columns, "yes") for party in parties]
    relationships = [
        {one.name: f"to {one.target}" if one.target else "yes" for one in party.mapped.relationships}
        for party in parties
    ]
    differing, common = _compare(columns)
    differing_relationships, common_relationships = _compare(relationships)
    return CollisionView(
        collision=collision,
        anchor=anchor("collision", collision.id),
        state=_STATES[collision.loaded],
        parties=parties,
        columns=differing,
        relationships=differing_relationships,
        common_columns=common,
        common_relationships=common_relationships,
        definitions=side_by_side(parties),
        score=_score(parties),
        totals=tuple(sum(part.points for part in party.score) for party in parties),
    )


def _score(parties: tuple[CollidingClass, ...]) -> tuple[Points, ...]:
    """The parts that say something of any class, in their order."""
    parts = [{part.what: part for part in party.score} for party in parties]
    names = dict.fromkeys(name for one in parts for name, part in one.items() if part.value)
    return tuple(Points(name, tuple(one.get(name) for one in parts)) for name in names)


def _compare(attributes: list[dict[str, str]]) -> tuple[tuple[AttributeDifference, ...], tuple[str, ...]]:
    names = list(dict.fromkeys(name for one in attributes for name in one))
    cells = {name: tuple(one.get(name) for one in attributes) for name in names}
    common = tuple(name for name in names if len(set(cells[name])) == 1)
    return tuple(AttributeDifference(name, cells[name]) for name in names if name not in common), common


def summary_of(view: CollisionView) -> str:
    """``2 classes; 5 columns and 3 relationships that differ``."""
    parts = ((len(view.columns), "column"), (len(view.relationships), "relationship"))
    differing = enumeration(counted(number, noun) for number, noun in parts if number)
    classes = counted(len(view.parties), "class")
    return f"{classes}; {differing} that differ" if differing else f"{classes} with the same columns and relationships"
