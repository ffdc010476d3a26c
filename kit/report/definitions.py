"""Two definitions side by side: which lines both have, and which one has alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from kit.facts.inventory import CollidingClass


@dataclass(frozen=True)
class DefinitionRow:
    """A line of each definition with its number; ``None`` where one has nothing beside a line of the other."""

    is_alike: bool
    left: tuple[int, str] | None
    right: tuple[int, str] | None


def side_by_side(parties: Sequence[CollidingClass]) -> tuple[DefinitionRow, ...]:
    """The definitions of the first two classes; empty where the lines of one are not known."""
    if len(parties) < 2 or not all(party.lines for party in parties[:2]):
        return ()
    return tuple(_rows(*parties[:2]))


def _rows(left: CollidingClass, right: CollidingClass) -> Iterator[DefinitionRow]:
    before = [*enumerate(left.lines, start=left.mapped.line)]
    after = [*enumerate(right.lines, start=right.mapped.line)]
    matcher = SequenceMatcher(None, _texts(left), _texts(right), autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        for one, other in zip_longest(before[start:end], after[other_start:other_end]):
            yield DefinitionRow(tag == "equal", one, other)


def _texts(party: CollidingClass) -> list[str]:
    return [line.strip() for line in party.lines]
