"""The definitions of a collision stand side by side: lines that both have, and those that one has alone."""

from __future__ import annotations

from kit.facts.inventory import CollidingClass, MappedClass
from kit.report.definitions import DefinitionRow, side_by_side


def party(line: int, *lines: str) -> CollidingClass:
    mapped = MappedClass("User", "a", "User", "a.py", line, "a.Base", "users", (), ())
    return CollidingClass(mapped, 1, primary=False, why="", lines=lines)


def test_lines_that_differ_stand_beside_each_other() -> None:
    rows = side_by_side([party(3, "class User:", "    x = 1", "    z = 3"), party(9, "class User:", "    y = 2")])

    assert rows == (
        DefinitionRow(True, (3, "class User:"), (9, "class User:")),
        DefinitionRow(False, (4, "    x = 1"), (10, "    y = 2")),
        DefinitionRow(False, (5, "    z = 3"), None),
    )


def test_the_depth_of_a_nested_class_is_no_difference() -> None:
    (row,) = side_by_side([party(1, "class User:"), party(7, "    class User:")])

    assert row.is_alike


def test_without_the_lines_of_both_there_is_nothing_to_compare() -> None:
    assert side_by_side([party(1, "class User:"), party(2)]) == ()
    assert side_by_side([party(1, "class User:")]) == ()
