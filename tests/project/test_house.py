"""The page about the house is true: its table of rooms is what the code imports."""

from __future__ import annotations

import re
from pathlib import Path

import grimp
import pytest

PAGE = (Path(__file__).parents[2] / "kit" / "README.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| ?(.*?) ?\|$", re.MULTILINE)


@pytest.mark.slow
def test_the_rooms_are_those_of_the_code_and_use_what_it_imports() -> None:
    graph = grimp.build_graph("kit", cache_dir=None)
    rooms = {module for module in graph.find_children("kit") if graph.find_children(module) or module == "kit.demo"}
    used = {
        room.partition(".")[2]: {
            imported.split(".")[1]
            for module in (room, *graph.find_descendants(room))
            for imported in graph.find_modules_directly_imported_by(module)
            if imported.startswith("kit.") and not imported.startswith(f"{room}.") and imported != room
        }
        for room in rooms
    }

    assert {name: set(filter(None, uses.split(", "))) for name, _, uses in _ROW.findall(PAGE)} == used


def test_a_room_stands_below_those_that_it_uses() -> None:
    above: set[str] = set()
    for name, _, uses in _ROW.findall(PAGE):
        assert set(filter(None, uses.split(", "))) <= above
        above.add(name)


def test_the_page_is_one_page() -> None:
    assert len(PAGE.splitlines()) <= 90
