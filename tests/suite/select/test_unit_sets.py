"""A set of units does what a set of numbers does, and a small one stays small however many units there are."""

from __future__ import annotations

from collections.abc import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.select.gathering import Gathered
from kit.suite.select.record import Record
from kit.suite.select.tree_facts import TreeFacts
from kit.suite.select.unit_sets import NO_UNITS, UnitSet

NUMBERS = st.sets(st.integers(0, 3000), max_size=12)


@given(NUMBERS, NUMBERS)
def test_a_set_of_units_is_a_set_of_numbers(one: Set[int], other: Set[int]) -> None:
    first, second = UnitSet.of(one), UnitSet.of(other)

    assert list(first) == sorted(one)
    assert (list(first & second), list(first | second)) == (sorted(one & other), sorted(one | other))
    assert ((first <= second), (first == second), bool(first)) == (one <= other, one == other, bool(one))
    assert UnitSet.of(one) == first
    assert hash(UnitSet.of(one)) == hash(first)
    assert UnitSet.decoded(first.encoded()) == first
    assert not NO_UNITS


@pytest.mark.slow
def test_what_each_of_thousands_of_tests_ran_is_kept_in_proportion_to_their_number() -> None:
    sizes = []
    for tests in (1_000, 4_000):
        text = "".join(f"def test_{number}():\n    pass\n" for number in range(tests))
        tree = TreeFacts({}).with_files({"t/test_a.py": text.encode()})
        gathered = Gathered()
        for number in range(tests):
            gathered.of_test[number].add(("t/test_a.py", 2 * number + 1))
        names = [(number, f"t/test_a.py::test_{number}", True) for number in range(tests)]
        sizes.append(len(Record().learn(tree, gathered, names).encode()))

    assert sizes[1] < 5 * sizes[0]
