"""Each test of two runs is in exactly one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.outcomes import OUTCOMES, Outcome
from kit.fixes.trials.compare import RunOutcomes, compare, verdict_of

OUTCOME = st.sampled_from(OUTCOMES)
NAMES = [f"t{number}{parameters}" for number in range(6) for parameters in ("", "[a]", "[b-a]")]
TESTS = st.dictionaries(st.sampled_from(NAMES), OUTCOME)
CAUSES = st.dictionaries(st.sampled_from([f"t{number}" for number in range(12)]), st.sampled_from(["a", "b"]))


def state(outcomes: dict[str, Outcome], causes: dict[str, str] | None = None) -> RunOutcomes:
    return RunOutcomes(outcomes, causes or {})


@pytest.mark.slow
@given(TESTS, TESTS, CAUSES, CAUSES)
def test_the_cells_add_up_to_all_tests_of_both_runs(
    before: dict[str, Outcome], after: dict[str, Outcome], causes: dict[str, str], later: dict[str, str]
) -> None:
    assert compare(state(before, causes), state(after, later)).holds()


def test_each_cell_has_its_tests() -> None:
    before = state(
        {"u": "error", "k": "passed", "m": "failed", "s": "failed", "b": "passed", "g": "skipped", "n": "not_run"},
        {"m": "index", "s": "index"},
    )
    after = state(
        {"u": "passed", "k": "xfailed", "m": "failed", "s": "error", "b": "crashed", "new": "passed", "n": "failed"},
        {"m": "collision", "s": "index", "b": "collision", "n": "index"},
    )

    found = compare(before, after)

    assert found.unlocked == ("u",)
    assert (found.kept, found.still_failing) == (1, 2)
    assert found.unmasked == {"collision": 1}
    assert (found.broken, found.gone, found.newly_collected) == (("b",), ("g",), {"passed": 1})


def test_a_failing_test_that_is_skipped_or_expected_to_fail_is_not_unlocked() -> None:
    before = state({"s": "failed", "x": "error", "p": "error"}, {"s": "index", "x": "index"})

    found = compare(before, state({"s": "skipped", "x": "xfailed", "p": "xpassed"}))

    assert (found.unlocked, found.still_failing) == (("p",), 2)
    assert verdict_of(compare(before, state({"s": "skipped", "x": "xfailed"})), ("s", "x")) == "NO"


def test_a_test_that_passed_and_is_skipped_afterwards_is_broken() -> None:
    found = compare(state({"p": "passed", "s": "skipped"}), state({"p": "skipped", "s": "skipped"}))

    assert (found.broken, found.kept) == (("p",), 1)


def test_a_failure_that_no_cause_explains_is_unmasked_under_no_name() -> None:
    found = compare(state({"t": "failed"}, {"t": "index"}), state({"t": "failed"}))

    assert found.unmasked == {"": 1}


def test_the_verdict_is_full_only_when_all_blocked_tests_pass_and_none_broke() -> None:
    blocked = ("a", "b")
    before = state({"a": "error", "b": "error", "c": "passed"})

    def verdict(**after: Outcome) -> str:
        return verdict_of(compare(before, state(dict(after))), blocked)

    assert verdict(a="passed", b="passed", c="passed") == "FULL"
    assert verdict(a="passed", b="error", c="passed") == "PARTIAL"
    assert verdict(a="passed", b="passed", c="failed") == "PARTIAL"
    assert verdict(a="passed", b="passed") == "PARTIAL"  # a test is gone
    assert verdict(a="error", b="error", c="passed") == "NO"


def test_a_fix_that_lets_files_be_collected_is_full_only_when_their_tests_do_not_fail() -> None:
    def verdict(**after: Outcome) -> str:
        return verdict_of(compare(state({}), state(dict(after))), ())

    assert verdict(a="passed", s="skipped") == "FULL"
    assert verdict(a="passed", b="failed") == "PARTIAL"
    assert verdict() == "NO"


def test_the_variants_that_a_fixture_gives_a_blocked_test_are_compared_as_that_test() -> None:
    before = state({"t::all": "error", "t::some[1]": "error", "t::fine": "passed"}, {"t::some[1]": "fixture"})
    after = state(
        {
            "t::all[x]": "passed",
            "t::all[y]": "passed",
            "t::fine[x]": "passed",
            "t::some[x-1]": "passed",
            "t::some[y-1]": "failed",
            "t::some[x-2]": "failed",
        },
        {"t::some[y-1]": "rates", "t::some[x-2]": "rates"},
    )

    found = compare(before, after)

    assert found.unlocked == ("t::all",)
    assert found.unmasked == {"rates": 1}, "one of its variants fails"
    assert found.gone == ("t::fine",), "it said something before"
    assert found.newly_collected == {"passed": 1, "failed": 1}
    assert found.holds()
