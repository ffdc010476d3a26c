"""The first variable that differs between a run of a test that fails and one that passes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.fixes import TrialCopy
from kit.history import first_beside
from kit.history.variables import Step, first_difference, trace_test
from kit.suite import RunOptions
from kit.target import find_target
from tests.helpers import fingerprint, write_project
from tests.history.planting import RUN_TIME, History
from tests.history.test_when import asked, in_tests

PRICES = """
def price(name, amount):
    unit = {{"apple": 3}}[name]
    rebate = 0
    if amount >= 10:
        rebate = {rebate}
    return unit * amount - rebate
"""
TESTS = """
import time

import pytest

from shop import price


@pytest.mark.parametrize("amount, total", [(2, 6), (10, 29)])
def test_apples(amount, total):
    begun = time.time()
    assert price("apple", amount) == total
"""


def steps(*values: tuple[str, object]) -> list[Step]:
    return [Step("price", Location("shop.py", at), name, repr(value)) for at, (name, value) in enumerate(values, 1)]


def test_variables_that_come_and_go_do_not_hide_the_first_that_differs() -> None:
    bad = steps(("unit", 3), ("new", 1), ("rebate", 2), ("return", 28))
    good = steps(("unit", 3), ("rebate", 1), ("gone", 0), ("return", 29))

    found = first_difference(bad, good, good)

    assert found
    assert found.sentence == "rebate in price (shop.py:3) is 2, and was 1"


def test_a_value_that_only_the_failing_run_sets_counts() -> None:
    found = first_difference(
        steps(("rebate", 0), ("rebate", 2), ("return", 4)), steps(("rebate", 0), ("return", 6)), []
    )

    assert found
    assert (found.name, found.value, found.was) == ("rebate", "2", "0")


def test_what_differs_by_chance_does_not_count() -> None:
    bad, good, again = (steps(("now", now), ("unit", unit)) for now, unit in ((1, 4), (2, 3), (5, 3)))

    found = first_difference(bad, good, again)

    assert found
    assert found.name == "unit"


def test_a_secret_is_not_shown() -> None:
    found = first_difference(steps(("password", "hunter22")), steps(("password", "hunter33")), [])

    assert found
    assert "hunter" not in found.sentence


@pytest.mark.slow
def test_a_failing_test_beside_one_of_its_function_that_passes(tmp_path: Path) -> None:
    files: Mapping[str, str] = {
        "shop.py": PRICES.format(rebate="amount // 10 * 2"),
        "tests/test_shop.py": TESTS,
        "pytest.ini": "[pytest]\npythonpath = .\n",
    }
    write_project(tmp_path / "app", files)
    before = fingerprint(tmp_path / "app")

    found = first_beside(
        find_target(tmp_path / "app"),
        RunOptions(workers=1),
        "tests/test_shop.py::test_apples[10-29]",
        "tests/test_shop.py::test_apples[2-6]",
    )

    assert found
    assert (found.name, found.function, str(found.place)) == ("rebate", "price", "shop.py:5")
    assert (found.value, found.was) == ("2", "0")
    assert fingerprint(tmp_path / "app") == before


@pytest.mark.slow
def test_objects_are_told_without_running_their_code(tmp_path: Path) -> None:
    text = (
        "class Odd:\n    def __init__(self):\n        self.size = 4\n\n"
        "    def __repr__(self):\n        raise RuntimeError('not to be called')\n\n\n"
        "def test_odd():\n    odd = Odd()\n    found = [odd, {'a': (1, 'b')}]\n    assert found\n"
    )
    write_project(tmp_path / "app", {"test_odd.py": text})

    with TrialCopy(find_target(tmp_path / "app"), RunOptions(workers=1)) as copy:
        cold = copy.server.variables(copy.target, {}, 1.0)
        found = trace_test(copy, "test_odd.py::test_odd")
        copy.run()
        copy.server.workspace(copy.target)
        assert copy.server.is_warm
        again = trace_test(copy, "test_odd.py::test_odd")

    assert found
    assert not cold
    assert again == found
    assert found.outcome == "passed"
    values = {one.name: one.value for one in found.steps}
    assert (values["odd"], values["found"]) == ("Odd(size=4)", "[Odd(size=4), {'a': (1, 'b')}]")


@pytest.mark.slow
def test_the_commit_of_a_cause_comes_with_the_first_variable_that_it_changed(tmp_path: Path) -> None:
    history = History(tmp_path / "app")
    first = history.commit("The app")
    RUN_TIME[1].change(history.files)
    second = history.commit("Sums", first)
    history.files["README.md"] = "Shop\n"
    history.commit("A page", second)
    history.write(second)

    found = asked(*in_tests(history, tmp_path / "events.jsonl"))

    assert found.commit
    assert found.differs
    assert (found.differs.function, found.differs.value, found.differs.was) == ("total", "4", "3")
