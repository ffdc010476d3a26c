"""What else would explain a failure, and what waits behind a cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.suite import Coverage, ModuleCoverage
from kit.failures import group_failures
from tests.causes.apps import investigated, told
from tests.causes.scenes import causes_of, collision, finding, inventory, result, suite
from tests.failures.live import failure_with, own

SETUP = failure_with("index ix_a already exists", "sqlite3.OperationalError", phase="setup", fixture="db")
MULTIPLE = 'Multiple classes found for path "User" in the registry of this declarative base.'


def test_two_causes_that_fit_the_same_tests_are_both_named() -> None:
    failure = failure_with(MULTIPLE, "sqlalchemy.exc.InvalidRequestError")
    late = result("t.py::a", failure, alone="passes_alone")

    causes = {cause.kind: cause for cause in causes_of(suite([late], [failure]), inventory([collision()]))}

    assert causes.keys() == {"order-dependence", "mapper-collision"}
    assert [len(cause.tests) for cause in causes.values()] in ([0, 1], [1, 0])
    first = next(cause for cause in causes.values() if cause.tests)
    other = next(cause for cause in causes.values() if not cause.tests)
    (rival,) = [item for item in first.evidence if "may as well be due to another cause" in item.text]
    assert (other.title in rival.text, rival.anchor) == (True, f"#cause-{other.id}")
    assert f"1 test that may be due to this too, and count for: {first.title}" in told(other)


def test_a_cause_that_nothing_competes_with_says_so_by_silence() -> None:
    (cause,) = causes_of(
        suite([result("t.py::a", SETUP)], [SETUP]), inventory([], [finding("duplicate-index", "ix_a")])
    )

    assert "another cause" not in told(cause)


def test_the_cause_in_front_counts_the_tests_that_have_a_further_failure_behind_it() -> None:
    results = [result(f"t.py::{n}", SETUP) for n in range(4)]
    found = finding("duplicate-index", "ix_a", "app/models.py:3")

    front, hidden = causes_of(suite(results, [SETUP]), inventory([collision()], [found]))

    assert (front.kind, front.further) == ("duplicate-index", 4)
    assert (hidden.waiting, hidden.further) == (4, None)


@pytest.mark.slow
def test_files_that_import_two_broken_modules_have_a_further_failure_waiting(tmp_path: Path) -> None:
    files = {
        "shop/rates.py": "RATES = {}['EUR']\n",
        "shop/taxes.py": "TAXES = 1 / 0\n",
        "tests/test_both.py": "from shop import rates\nfrom shop import taxes\n\ndef test_a():\n    pass\n",
        "tests/test_taxes.py": "from shop import taxes\n\ndef test_b():\n    pass\n",
    }

    found, _ = investigated(tmp_path, files)

    by_place = {cause.locations[0].path: cause for cause in found}
    assert (by_place["shop/rates.py"].further, by_place["shop/taxes.py"].further) == (1, 0)
    assert by_place["shop/taxes.py"].title in told(by_place["shop/rates.py"])


def test_a_module_that_coverage_saw_no_line_of_sets_no_tests_apart() -> None:
    failure = failure_with("the moon is full", "app.MoonError", frames=(own("app/moon.py", 7, "rise"),))
    facts = suite([result("tests/a.py::a", failure), result("tests/b.py::b")], [failure])
    loads = {"tests/a.py": frozenset({"app/idle.py", "app/moon.py"}), "tests/b.py": frozenset[str]()}

    def apart(coverage: Coverage | None) -> str:
        measured = type(facts)(**{**vars(facts), "coverage": coverage})
        (cause,) = find_causes(None, measured, group_failures(measured), loads=lambda: loads)
        return told(cause)

    assert "app/idle.py and app/moon.py" in apart(None)
    modules = (ModuleCoverage("app/idle.py", 4, 0, 0.0), ModuleCoverage("app/moon.py", 4, 3, 75.0))
    assert "app/idle.py" not in apart(Coverage(8, 3, 37.5, modules))
