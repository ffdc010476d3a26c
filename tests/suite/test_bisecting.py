"""The test that makes another one fail, or pass, is found by running it after fewer and fewer of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.errors import TargetError, UsageError
from kit.suite import Pollution, RunOptions, bisect_pollution
from kit.suite.run.bisecting import Suspects, bisection, settle
from tests.helpers import fingerprint, write_project
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow


@given(st.integers(0, 60), st.sets(st.integers(0, 59), min_size=1, max_size=3), st.booleans())
def test_exactly_the_tests_that_matter_are_found(number: int, culprits: set[int], breaks: bool) -> None:
    needed = {culprit for culprit in culprits if culprit < number}

    def fails_after(before: tuple[int, ...]) -> bool:
        assert list(before) == sorted(before)
        return (needed == culprits and needed <= set(before)) == breaks

    found, _ = settle(bisection(range(number)), fails_after)

    if needed == culprits:
        assert found == Suspects("polluted" if breaks else "depends", tuple(sorted(culprits)))
    else:
        assert found == Suspects("passes_always" if breaks else "fails_always")


def test_one_culprit_among_many_takes_few_runs() -> None:
    found, runs = settle(bisection(range(4096)), lambda before: 1234 in before)

    assert found == Suspects("polluted", (1234,))
    assert runs <= 2 + 2 * 12


SHOP = {
    "pytest.ini": "[pytest]\n",
    "state.py": "seen = []\n",
    "test_a.py": "".join(f"def test_{n}():\n    pass\n\n\n" for n in range(7)),
    "test_b.py": "import os\nimport state\n\n\ndef test_leaves_it():\n    state.seen.append(1)\n\n\n"
    "def test_sets():\n    os.environ['SHOP'] = 'open'\n",
    "test_c.py": "import os\nimport state\n\n\ndef test_polluted():\n    assert not state.seen\n\n\n"
    "def test_depends():\n    assert os.environ.get('SHOP') == 'open'\n\n\ndef test_broken():\n    assert 0\n",
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("bisect") / "shop", SHOP)


@pytest.mark.parametrize(
    ("test", "kind", "by"),
    [
        ("test_c.py::test_polluted", "polluted", ("test_b.py::test_leaves_it",)),
        ("test_c.py::test_depends", "depends", ("test_b.py::test_sets",)),
        ("test_c.py::test_broken", "fails_always", ()),
        ("test_a.py::test_3", "passes_always", ()),
        ("test_a.py::test_0", "passes_always", ()),
    ],
)
def test_real_tests_are_told_apart(shop: Path, test: str, kind: str, by: tuple[str, ...]) -> None:
    before, steps = fingerprint(shop), []

    found = bisect_pollution(target_of(shop), test, on_step=lambda tests, failed: steps.append(tests))

    assert found == Pollution(test, kind, by, len(steps))  # type: ignore[arg-type]
    assert fingerprint(shop) == before


def test_fresh_processes_find_the_same(shop: Path) -> None:
    options = RunOptions(isolation="process")

    found = bisect_pollution(target_of(shop), "test_c.py::test_polluted", options=options)

    assert found.by == ("test_b.py::test_leaves_it",)


def test_a_test_that_does_not_exist_is_said_with_the_nearest_one(shop: Path) -> None:
    with pytest.raises(UsageError, match="did you mean test_c.py::test_polluted"):
        bisect_pollution(target_of(shop), "test_c.py::test_poluted")


def test_a_file_that_cannot_be_imported_is_said_in_place_of_a_near_name(tmp_path: Path) -> None:
    files = {"test_a.py": "def test_one(): pass\n", "test_b.py": "raise ValueError('broken')\n"}
    root = write_project(tmp_path / "shop", {"pytest.ini": "[pytest]\n", **files})

    with pytest.raises(TargetError, match=r"not collected: test_b\.py could not be imported \(ValueError: broken\)"):
        bisect_pollution(target_of(root), "test_b.py::test_one")


def test_a_suite_that_cannot_be_collected_is_said(tmp_path: Path) -> None:
    root = write_project(tmp_path / "shop", {"conftest.py": "import nothing_of_this_name\n", "test_a.py": ""})

    with pytest.raises(TargetError, match="nothing_of_this_name"):
        bisect_pollution(target_of(root), "test_a.py::test_a")
