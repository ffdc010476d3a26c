"""The tables around a finding. Its own classes stand in the middle, those that point at them on the left, those that
they point at on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kit.drawing.svg import BAD, PLAIN, Box, arrow, frame, group, picture, text
from kit.facts.inventory import Finding, MappedClass
from kit.facts.places import Location
from kit.facts.wording import counted

_WIDTH, _LINE, _GAP, _BETWEEN, _MARGIN, _INDENT = 230, 16, 100, 18, 8, 14
#: how many columns of a class of the finding are shown, and how many neighbours on each side
MOST_COLUMNS, MOST_NEIGHBOURS = 14, 12


@dataclass(frozen=True)
class _Card:
    """A class as it is drawn. ``lines`` are its columns, those marked that the other classes of its table lack."""

    mapped: MappedClass
    lines: tuple[tuple[str, bool], ...] = ()
    is_party: bool = False

    @property
    def height(self) -> float:
        return (2 + len(self.lines)) * _LINE + _MARGIN


def parties_of(finding: Finding, classes: Sequence[MappedClass]) -> tuple[MappedClass, ...]:
    """The classes that a finding is about: one of its places lies in them."""
    return tuple(mapped for mapped in classes if any(_holds(mapped, place) for place in finding.locations))


def tables_picture(title: str, parties: Sequence[MappedClass], classes: Sequence[MappedClass]) -> str:
    """An SVG of ``parties``, and of those of ``classes`` that a relationship joins to them. In parties of one table,
    what only one of them has is marked. A dashed arrow can mean several classes of a name.
    """
    pointing, pointed = _neighbours(parties, classes)
    columns = (
        [_Card(mapped) for mapped in pointing[:MOST_NEIGHBOURS]],
        [_Card(party, tuple(_lines(party, parties)), is_party=True) for party in parties],
        [_Card(mapped) for mapped in pointed[:MOST_NEIGHBOURS]],
    )
    shown = [cards for cards in columns if cards] or [[]]
    height = max(_height(cards) for cards in shown) + 2 * _MARGIN
    width = len(shown) * (_WIDTH + _GAP) - _GAP
    boxes = {id(card.mapped): box for place, cards in enumerate(shown) for card, box in _placed(cards, place, height)}
    drawn = [card.mapped for cards in columns for card in cards]
    shapes = [
        *_arrows(drawn, parties, boxes),
        *(_drawn(card, boxes[id(card.mapped)]) for cards in columns for card in cards),
    ]
    left_out = len(pointing) + len(pointed) - len(columns[0]) - len(columns[2])
    return picture(width, height, title, _description(parties, drawn, left_out), shapes)


def _neighbours(
    parties: Sequence[MappedClass], classes: Sequence[MappedClass]
) -> tuple[list[MappedClass], list[MappedClass]]:
    """The classes that point at the parties, and those that the parties point at."""
    names = {party.name for party in parties}
    pointing = [mapped for mapped in classes if mapped not in parties and names & set(_targets(mapped))]
    wanted = {target for party in parties for target in _targets(party)} - names
    return pointing, [mapped for mapped in classes if mapped.name in wanted and mapped not in pointing]


def _holds(mapped: MappedClass, place: Location) -> bool:
    return place.path == mapped.path and mapped.line <= place.line <= (mapped.end_line or mapped.line)


def _targets(mapped: MappedClass) -> Iterator[str]:
    """The names of the classes that its relationships point at, if the source shows them."""
    return (relationship.points_at for relationship in mapped.relationships if relationship.points_at)


def _lines(party: MappedClass, parties: Sequence[MappedClass]) -> Iterator[tuple[str, bool]]:
    others = [other for other in parties if other is not party and other.table == party.table]
    attributes = [
        *party.columns,
        *(f"{one.name} → {one.points_at or one.target or '?'}" for one in party.relationships),
    ]
    known = {name for other in others for name in (*other.columns, *(one.name for one in other.relationships))}
    for attribute in attributes[:MOST_COLUMNS]:
        yield attribute, bool(others) and attribute.partition(" ")[0] not in known
    if len(attributes) > MOST_COLUMNS:
        yield f"… {len(attributes) - MOST_COLUMNS} more", False


def _height(cards: Sequence[_Card]) -> float:
    return sum(card.height + _BETWEEN for card in cards) - _BETWEEN if cards else 0


def _placed(cards: Sequence[_Card], place: int, height: float) -> Iterator[tuple[_Card, Box]]:
    y = (height - _height(cards)) / 2
    for card in cards:
        yield card, Box(1 + place * (_WIDTH + _GAP), y, _WIDTH - 2, card.height)
        y += card.height + _BETWEEN


def _drawn(card: _Card, box: Box) -> str:
    mapped, colour = card.mapped, BAD if card.is_party else PLAIN
    x, room = box.x + _MARGIN, box.width - 2 * _MARGIN
    shapes = [
        frame(box, colour=colour, bold=card.is_party),
        text(x, box.y + _LINE, f"{mapped.name} · {mapped.table or '?'}", room=room, colour=colour, bold=True),
        text(x, box.y + 2 * _LINE, f"{mapped.path}:{mapped.line}", room=room),
    ]
    for number, (line, is_marked) in enumerate(card.lines, 3):
        y = box.y + number * _LINE
        shapes += [text(x, y, "±", room=_INDENT, colour=colour)] if is_marked else []
        shapes.append(text(x + _INDENT, y, line, room=room - _INDENT, colour=colour if is_marked else PLAIN))
    return group(mapped.dotted, shapes)


def _arrows(drawn: Sequence[MappedClass], parties: Sequence[MappedClass], boxes: dict[int, Box]) -> Iterator[str]:
    """What the classes of the finding point at, and what points at them."""
    for mapped in drawn:
        for name in dict.fromkeys(_targets(mapped)):
            meant = [other for other in drawn if other.name == name and other is not mapped]
            for other in meant if mapped in parties else [other for other in meant if other in parties]:
                one, two = boxes[id(mapped)], boxes[id(other)]
                if one.x == two.x:
                    ends = (one.right, two.right)
                else:
                    ends = (one.right, two.left) if one.x < two.x else (one.left, two.right)
                yield arrow(*ends, colour=BAD if len(meant) > 1 else PLAIN, dashed=len(meant) > 1)


def _description(parties: Sequence[MappedClass], drawn: Sequence[MappedClass], left_out: int) -> str:
    told = "; ".join(
        f"{party.dotted} maps {party.table or 'a table'} with "
        f"{counted(len(party.columns), 'column', 'columns')} and "
        f"{counted(len(party.relationships), 'relationship', 'relationships')}"
        for party in parties
    )
    around = [mapped.name for mapped in drawn if mapped not in parties]
    more = f" and {left_out} more" if left_out else ""
    return f"{told or 'No class is known'}. Around: {', '.join(around) or 'nothing'}{more}."
