"""Of what failing tests were seen to execute, the function that passing ones hardly execute is the first suspect."""

from __future__ import annotations

from kit.causes.scene.spectrum import Spectrum
from kit.facts.execution import ExecutedFunction, Execution, FailingTests


def execution(**failing: tuple[int, dict[int, int]]) -> Execution:
    functions = (
        ExecutedFunction("shop/app.py", 1, "create_app", passing=30),
        ExecutedFunction("shop/cart.py", 10, "Cart.total", passing=1),
        ExecutedFunction("shop/views.py", 20, "checkout", passing=0),
        ExecutedFunction("tests/helpers.py", 3, "logged_in", passing=0),
    )
    told = {name: FailingTests(tests, tuple(sorted(counts.items()))) for name, (tests, counts) in failing.items()}
    return Execution(functions, 40, told)


def named(found: Execution, *failures: str) -> list[str]:
    told = Spectrum(found).explain({name: [name] for name in found.failing})
    return [one.name for failure in failures for one in told[failure]]


def test_what_passing_tests_execute_too_is_no_suspect() -> None:
    assert named(execution(f=(7, {0: 7, 1: 7})), "f") == ["Cart.total"]


def test_what_other_failures_have_in_common_comes_before_what_one_test_alone_executes() -> None:
    found = execution(f=(6, {0: 6, 1: 6}), g=(1, {0: 1, 1: 1, 2: 1}))

    assert named(found, "g")[0] == "Cart.total"


def test_a_fault_of_its_own_is_not_hidden_by_a_larger_one() -> None:
    found = execution(f=(6, {0: 6, 1: 6}), g=(1, {0: 1, 2: 1}))

    assert named(found, "g")[0] == "checkout"


def test_a_helper_of_tests_is_behind_what_it_calls() -> None:
    assert named(execution(f=(4, {1: 4, 3: 4})), "f") == ["Cart.total"]


def test_the_sentence_counts_failing_and_passing_tests() -> None:
    def said(tests: int, executing: int) -> str:
        (found,) = Spectrum(execution(f=(tests, {1: executing}))).explain({"f": ["f"]})["f"]
        return found.said

    assert said(7, 7) == "All 7 failing tests execute Cart.total; 1 of 40 passing ones does"
    assert said(7, 5) == "5 of 7 failing tests execute Cart.total; 1 of 40 passing ones does"
    assert said(1, 1) == "The failing test executes Cart.total; 1 of 40 passing ones does"


def test_without_a_record_nobody_is_suspected() -> None:
    assert Spectrum(Execution()).explain({"f": ["f"]}) == {}
