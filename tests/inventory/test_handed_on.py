"""A value that functions hand on as a parameter leads back to the line that made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import Declarations
from kit.inventory.declarations.handed_on import made_above
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places
from tests.helpers import write_project

SHOP = """
    def unwrap(column, wanted=1):
        if len(column) == wanted:
            return column[0]
        return column

    def is_keyed(column):
        return column.table.key

    class Reader:
        def read(self, extra, *, column):
            return is_keyed(column)

        def start(self, columns):
            column = unwrap(columns)
            return self.read(
                1,
                column=column,
            )

        def at_once(self, columns):
            return self.read(1, column=unwrap(columns))

        def star(self, columns):
            return is_keyed(*columns)

        def other(self, columns):
            column = columns
            column = self.read(1, column=column)
    """
#: the line that fails, and its callers, as far as the line that calls them
READ = (7, 11)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("frames", "made"),
    [
        ((*READ, 15), 14),
        ((*READ, 21), 21),
        ((7, 24), None),
        ((*READ, 28), 27),
        (READ, None),
        ((7,), None),
        ((), None),
    ],
    ids=["assigned", "in the call", "by a star", "the last before the call", "nobody made it", "no caller", "nothing"],
)
def test_the_line_that_made_the_value_is_found(tmp_path: Path, frames: tuple[int, ...], made: int | None) -> None:
    target = find_target(write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/rows.py": SHOP}))
    trees = Declarations.of(target).reading.trees

    found = made_above(trees, [Location("shop/rows.py", line) for line in frames], "key")

    assert (found.line if found else None) == made


@pytest.mark.slow
def test_the_function_that_made_a_value_of_another_kind_is_named_behind_the_line_that_failed(tmp_path: Path) -> None:
    tests = """
        from shop.rows import Reader

        class Column:
            class table:
                key = "id"

        def test_one():
            assert Reader().start([Column]) == "id"

        def test_none():
            assert Reader().start([Column, Column])
        """
    files = {"shop/rows.py": SHOP, "tests/test_rows.py": tests}
    (cause,), _ = investigated(tmp_path, files)

    assert places(cause)[:3] == ["shop/rows.py:7", "shop/rows.py:14", "shop/rows.py:2"]
