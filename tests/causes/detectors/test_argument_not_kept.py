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


USED = """class Page:
    def __init__(self, number=1, size=20, total=None):
        number, size = checked(number, size)
        self.number = number
        {}
        self.total = total

    def pages(self):
        return self.total // self.size


class OrderPage(Page):
    def __init__(self, size):
        super().__init__(1, size)
        self.last = self.size


class BillPage(Page): ...
"""


@pytest.mark.parametrize(
    ("line", "kinds"),
    [("pass", {"argument-not-kept"}), ("self.page_size = size", {"missing-attribute"}), ("self.size = size", set())],
)
def test_an_argument_that_is_checked_and_not_kept_is_one_cause_for_all_classes_that_inherit_it(
    tmp_path: Path, line: str, kinds: set[str]
) -> None:
    failures = [
        failure_with(
            f"'{owner}' object has no attribute 'size'", "AttributeError", frames=(own("shop/pages.py", 9, "x"),)
        )
        for owner in ("OrderPage", "BillPage")
    ]
    results = [result(f"tests/test_a.py::test_{at}", failure) for at, failure in enumerate(failures)]

    causes = told_of(tmp_path, {"shop/pages.py": USED.format(line)}, suite(results, failures))

    assert kinds <= {cause.kind for cause in causes}
    assert ("argument-not-kept" in {cause.kind for cause in causes}) is (line == "pass")
    if line == "pass":
        assert [(places(cause)[:2], cause.tests_blocked) for cause in causes] == [
            (["shop/pages.py:4", "shop/pages.py:2"], 2)
        ]
