"""How a suite is to be run: what cannot be, is said in a sentence."""

from __future__ import annotations

import math
from typing import Any

import pytest

from kit.facts.errors import UsageError
from kit.suite import RunOptions
from kit.suite.options import EarlierRuns


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"workers": 0}, "0 workers cannot run tests"),
        ({"timeout_s": 0.0}, "A test cannot have 0 seconds"),
        ({"isolation": "thread"}, 'no isolation "thread": choose one of auto, fork, process, file, test'),
        ({"timeout_s": float("nan")}, "A test cannot have nan seconds"),
        ({"timeout_s": float("inf")}, "A test cannot have inf seconds"),
        ({"slow_s": float("nan")}, "slow_s cannot be nan"),
        ({"recheck_s": float("nan")}, "recheck_s cannot be nan"),
        ({"recheck_s": -1.0}, "recheck_s cannot be -1"),
        ({"timeouts": (("", 5.0),)}, "--timeout lacks a pattern for its 5 seconds"),
        ({"timeouts": (("*", float("nan")),)}, "cannot have nan seconds"),
        ({"memory_mb": 0}, "memory_mb cannot be 0"),
        ({"run_timeout_s": -1.0}, "run_timeout_s cannot be -1"),
        ({"timeouts": (("*slow*", 0.0),)}, 'Tests like "\\*slow\\*" cannot have 0 seconds'),
    ],
)
def test_values_that_cannot_be_are_wrong_use(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        RunOptions(**values)


def test_the_first_pattern_that_matches_a_node_id_gives_its_limit() -> None:
    options = RunOptions(timeout_s=5, timeouts=(("*::test_slow*", 60), ("tests/api/*", 20)))

    assert options.limit_of("tests/api/test_a.py::test_slow[1]") == 60
    assert options.limit_of("tests/api/test_a.py::test_fast") == 20
    assert options.limit_of("tests/test_b.py::test_fast") == 5


def test_without_a_named_limit_the_targets_own_one_counts_where_it_is_longer() -> None:
    options = RunOptions(timeouts=(("*::test_named", 7),))

    assert options.limit_of("test_a.py::test_of_which_nothing_is_known") == options.usual_limit_s == 60
    assert options.limit_of("test_a.py::test_long", own=300) == 310  # a plugin of the target ends it first
    assert options.limit_of("test_a.py::test_short", own=5) == 60
    assert options.limit_of("test_a.py::test_named", own=300) == 7
    assert RunOptions(timeout_s=8).limit_of("test_a.py::test_long", own=300) == 8


def test_the_limit_grows_with_what_a_test_has_taken_before() -> None:
    options = RunOptions(earlier=EarlierRuns(durations={"test_a.py::test_long": 50.0, "test_a.py::test_quick": 0.1}))

    assert options.limit_of("test_a.py::test_long") == 250
    assert options.limit_of("test_a.py::test_quick") == 60


def test_collection_has_ten_times_the_limit_of_a_test_and_at_least_two_minutes_unless_told_otherwise() -> None:
    assert RunOptions(timeout_s=1).collection_limit_s == 120
    assert RunOptions(timeout_s=60).collection_limit_s == 600
    assert RunOptions(collection_timeout_s=7).collection_limit_s == 7
    assert RunOptions(collection_timeout_s=7).longest_collection_s == 7
    assert RunOptions(run_timeout_s=70).longest_collection_s == 70
    assert RunOptions().longest_collection_s == math.inf
