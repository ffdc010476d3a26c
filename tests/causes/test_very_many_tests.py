"""A part of very many tests, from all over the run, shows what all of them exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes.scene.exercise import Exercise, spread
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.inventory import Declarations
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here


def _results(number: int) -> list[TestResult]:
    return [TestResult(f"tests/test_a.py::test_{n}", "tests/test_a.py", "passed", "call") for n in range(number)]


def test_a_part_of_the_results_comes_from_all_over_them() -> None:
    results = _results(100)
    assert spread(results, 100) == results
    assert [one.nodeid.rpartition("_")[2] for one in spread(results, 4)] == ["0", "25", "50", "75"]


@pytest.mark.parametrize("most", [40, 10])
def test_a_definition_counts_for_all_tests_where_only_a_part_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("kit.causes.scene.exercise._MOST_PASSING", most)
    body = "".join(f"def test_{n}():\n    assert {'low' if n < 20 else 'high'}({n})\n" for n in range(40))
    files = {
        "shop/__init__.py": "",
        "shop/numbers.py": "def low(n): ...\n\n\ndef high(n): ...\n",
        "tests/test_a.py": f"from shop.numbers import low, high\n{body}",
    }
    exercise = Exercise(Declarations.of(find_target(write_project(tmp_path / "app", files))), {})

    counts = exercise.by_definition(_results(40))

    assert counts[Location("shop/numbers.py", 1, "called")] == 20
    assert counts.total() == 40
