"""An attribute that an ``__init__`` takes as an argument and does not keep leads there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

DESK = """class Desk:
    def __init__(self, app, db, *, clock=None):
{}

    def count(self):
        return self.db.count()
"""


def _first(folder: Path, body: str, owner: str = "Desk") -> tuple[str, str, list[str]]:
    failure = failure_with(
        f"'{owner}' object has no attribute 'db'", "AttributeError", frames=(own("shop/desk.py", 30, "count"),)
    )
    desk = DESK.format("\n".join(f"        {line}" for line in body.split("; ")))
    facts = suite([result("tests/test_a.py::test_count", failure)], [failure])
    first = told_of(folder, {"shop/desk.py": desk}, facts)[0]
    return first.kind, first.title, places(first)[:3]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("self.app = app; self.clock = clock", 3),
        ("self.clock = clock; self.app = app", 4),
        ("self.clock = clock; self.name = 'desk'", 3),
        ("pass", 3),
    ],
)
def test_the_statement_beside_the_missing_one_comes_first_and_then_the_function(
    tmp_path: Path, body: str, line: int
) -> None:
    kind, title, found = _first(tmp_path, body)

    assert (kind, title) == ("argument-not-kept", 'Desk takes "db" and does not keep it')
    assert found == [f"shop/desk.py:{line}", "shop/desk.py:2", "shop/desk.py:30"]


@pytest.mark.parametrize("body", ["self.app = app; self.dbs = db", "self.__dict__.update(locals())"])
def test_an_argument_that_is_used_in_any_way_is_not_taken_for_lost(tmp_path: Path, body: str) -> None:
    assert _first(tmp_path, body)[0] != "argument-not-kept"


def test_another_class_that_does_not_take_it_is_not_blamed(tmp_path: Path) -> None:
    assert _first(tmp_path, "self.app = app", owner="Shelf")[0] != "argument-not-kept"
