"""What the record tells of failing tests: the functions that they executed, and how many passing tests did too."""

from __future__ import annotations

from kit.facts.execution import ExecutedFunction, FailingTests
from kit.facts.suite import TestResult
from kit.suite.select.gathering import Gathered, Place
from kit.suite.select.record import Record
from kit.suite.select.spectrum import execution_of
from kit.suite.select.tree_facts import TreeFacts

MONEY = "def cents(x):\n    return x\n\ndef tax(x):\n    return x\n\ndef rate(x):\n    return x\n"
CENTS, TAX, RATE = ("money.py", 1), ("money.py", 4), ("money.py", 7)


def tree(text: str = MONEY) -> TreeFacts:
    return TreeFacts({}).with_files({"money.py": text.encode(), "test_a.py": b""})


def learned(ran: dict[str, list[Place]], bad: set[str], before: Record | None = None, text: str = MONEY) -> Record:
    gathered = Gathered()
    gathered.seen.add("money.py")
    for index, places in enumerate(ran.values()):
        gathered.of_test[index].update(places)
    told = [(index, name, name not in bad) for index, name in enumerate(ran)]
    return (before or Record()).learn(tree(text), gathered, told)


def failed(name: str, failure: str) -> TestResult:
    return TestResult(name, "test_a.py", "failed", "call", failure=failure)


def passed(name: str) -> TestResult:
    return TestResult(name, "test_a.py", "passed")


RAN: dict[str, list[Place]] = {"a": [CENTS, TAX], "b": [CENTS], "c": [CENTS], "d": [RATE]}


def test_each_failure_has_the_functions_of_its_tests_and_the_passing_tests_are_counted() -> None:
    results = [failed("a", "f1"), failed("b", "f2"), passed("c"), passed("d")]

    found = execution_of(learned(RAN, {"a", "b"}), tree(), results)

    assert found is not None
    assert found.functions == (
        ExecutedFunction("money.py", 1, "cents", passing=1),
        ExecutedFunction("money.py", 4, "tax", passing=0),
    )
    assert found.failing == {"f1": FailingTests(1, ((0, 1), (1, 1))), "f2": FailingTests(1, ((0, 1),))}
    assert found.passing == 2


def test_tests_of_one_failure_are_counted_together() -> None:
    results = [failed("a", "f"), failed("b", "f"), passed("c"), passed("d")]

    found = execution_of(learned(RAN, {"a", "b"}), tree(), results)

    assert found is not None
    assert found.failing == {"f": FailingTests(2, ((0, 2), (1, 1)))}


def test_without_a_failing_test_nothing_is_told() -> None:
    assert execution_of(learned(RAN, set()), tree(), [passed(name) for name in RAN]) is None


def test_a_passing_test_of_an_earlier_run_counts_while_what_it_executed_is_the_same() -> None:
    first = learned(RAN, set())
    again = learned({"a": [CENTS, TAX]}, {"a"}, first)
    changed = MONEY.replace("def cents(x):\n    return x", "def cents(x):\n    return -x")
    after = learned({"a": [CENTS, TAX]}, {"a"}, first, changed)

    same = execution_of(again, tree(), [failed("a", "f")])
    other = execution_of(after, tree(changed), [failed("a", "f")])

    assert same is not None
    assert other is not None
    assert same.passing == 3
    assert other.passing == 1  # of "d" alone is it known that it would pass today
