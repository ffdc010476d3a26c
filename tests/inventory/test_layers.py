"""The rooms of the inventory, counted: few enough to be drawn, and no way back from one to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import grimp
import pytest

ROOM = "kit.inventory"
MOST_ENTRIES, MOST_LEVELS, MOST_ARROWS = 10, 7, 30


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("kit", cache_dir=None)


def arrows() -> dict[str, set[str]]:
    """By entry of the room: the other entries that its modules import."""
    entries = {name: {name, *graph().find_descendants(name)} for name in graph().find_children(ROOM)}
    homes = {module: entry for entry, modules in entries.items() for module in modules}
    found: dict[str, set[str]] = {entry: set() for entry in entries}
    for module, entry in homes.items():
        for other in graph().find_modules_directly_imported_by(module):
            if other in homes and homes[other] != entry:
                found[entry].add(homes[other])
    return found


def levels(found: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """The entries from the bottom up: each imports those of lower levels only. Ends early in a circle."""
    placed: set[str] = set()
    while level := {entry for entry, others in found.items() if entry not in placed and others <= placed}:
        yield level
        placed |= level


@pytest.mark.slow
def test_the_inventory_has_few_entries_levels_and_arrows_and_no_circle() -> None:
    found = arrows()
    in_order = list(levels(found))
    assert set().union(*in_order) == set(found), "the others import each other in a circle"
    assert len(found) <= MOST_ENTRIES
    assert len(in_order) <= MOST_LEVELS
    assert sum(map(len, found.values())) <= MOST_ARROWS


@pytest.mark.parametrize("room", ["case", "causes", "cli", "fixes", "report", "store", "suite"])
def test_other_rooms_reach_the_inventory_through_its_face_only(room: str) -> None:
    inside = graph().find_descendants(ROOM)
    modules = {f"kit.{room}", *graph().find_descendants(f"kit.{room}")}
    deep = {
        (module, other)
        for module in modules
        for other in graph().find_modules_directly_imported_by(module)
        if other in inside
    }
    assert deep == set()
