"""What no detector explains is told apart by what its tests import."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.causes import find_causes
from kit.causes.scene.ochiai import Distinguishing, Passing
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test

MOON = failure_with("the moon is full", "app.MoonError", frames=(in_test("tests/test_a.py", 3, "test_a"),))
LOADS = {
    "tests/test_a.py": frozenset({"app/__init__.py", "app/moon.py", "app/db.py", "tests/test_a.py"}),
    "tests/test_b.py": frozenset({"app/__init__.py", "app/db.py", "tests/test_b.py"}),
}


def test_the_module_that_only_failing_tests_import_sets_them_apart() -> None:
    found = Passing(["tests/test_b.py"] * 9, LOADS).set_apart(["tests/test_a.py"] * 3)

    assert found == Distinguishing(("app/moon.py",), 1.0, 3, 0)


def test_where_all_import_the_same_nothing_is_said() -> None:
    alike = {file: frozenset({"app/db.py"}) for file in LOADS}

    assert Passing(["tests/test_b.py"], alike).set_apart(["tests/test_a.py"]) is None
    assert Passing(["tests/test_b.py"], {}).set_apart(["tests/test_a.py"]) is None


def test_the_score_is_ochiais() -> None:
    loads = {"a": frozenset({"m"}), "b": frozenset({"m"}), "c": frozenset[str]()}

    found = Passing(["b"] * 5 + ["c"] * 100, loads).set_apart(["a"] * 4)

    assert found is not None
    assert found.score == pytest.approx(4 / (4 * 9) ** 0.5)
    assert (found.failing, found.passing) == (4, 5)


FILES, MODULES = st.sampled_from("abcd"), st.sampled_from(["m1", "m2", "m3"])


@pytest.mark.slow
@given(
    st.lists(FILES, min_size=1),
    st.lists(FILES, min_size=1),
    st.dictionaries(FILES, st.frozensets(MODULES)),
)
def test_no_other_module_has_a_higher_score(
    failing: list[str], passing: list[str], loads: dict[str, frozenset[str]]
) -> None:
    found = Passing(passing, loads).set_apart(failing)

    def score(module: str) -> tuple[float, float, float]:
        hit = sum(module in loads.get(file, ()) for file in failing)
        also = sum(module in loads.get(file, ()) for file in passing)
        return (hit / (len(failing) * (hit + also)) ** 0.5 if hit else 0.0), hit / len(failing), also

    for module in ("m1", "m2", "m3"):
        value, among_failing, also = score(module)
        more_often = among_failing > also / len(passing)
        if found is None:
            assert not more_often
        elif more_often:
            assert value <= found.score + 1e-12
            assert 0 < found.score <= 1 + 1e-12


def test_an_unexplained_cause_tells_it_with_its_numbers() -> None:
    facts = suite([result("tests/test_a.py::test_a", MOON), result("tests/test_b.py::test_b")], [MOON])

    (cause,) = find_causes(None, facts, group_failures(facts), loads=lambda: LOADS)

    assert "The failing test imports app/moon.py; 0 of 1 passing ones do" in [item.text for item in cause.evidence]


def test_all_of_several_failing_tests_are_called_all() -> None:
    names = ("tests/test_a.py::test_a", "tests/test_a.py::test_b", "tests/test_b.py::test_b")
    facts = suite([result(names[0], MOON), result(names[1], MOON), result(names[2])], [MOON])

    (cause,) = find_causes(None, facts, group_failures(facts), loads=lambda: LOADS)

    assert "All 2 failing tests import app/moon.py; 0 of 1 passing ones do" in [item.text for item in cause.evidence]


def test_imports_are_asked_for_only_when_something_stays_unexplained() -> None:
    def never() -> dict[str, frozenset[str]]:
        raise AssertionError("nothing is unexplained")

    healthy = suite([result("tests/test_b.py::test_b")])

    assert find_causes(None, healthy, group_failures(healthy), loads=never) == ()
