"""Which tests are run once more, and what their outcomes then say: the planning alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.run.rechecking import RerunResult, Round, Verdict, rounds

pytestmark = pytest.mark.slow

PASSED, FAILED = RerunResult("passed"), RerunResult("failed", failure="f")


@dataclass(frozen=True)
class Run:
    """A run of 20 tests in two processes: even ones in the first, odd ones in the second. ``cut_off`` had not the
    tests of its file before it.
    """

    cut_off: int = -1
    suite: tuple[int, ...] = tuple(range(20))

    def missed(self, index: int) -> tuple[int, ...]:
        return tuple(range(index + 1)) if index == self.cut_off else ()

    def before(self, index: int) -> tuple[int, ...]:
        return tuple(range(index % 2, index + 1, 2))

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        return tuple(range(0, 20, 2)), tuple(range(1, 20, 2))


def ask(
    failed: Mapping[int, str | None],
    does: Callable[[str, int], RerunResult],
    workers: int = 2,
    run: Run | None = None,
    *,
    had_overlays: bool = False,
) -> tuple[dict[int, Verdict], list[Round]]:
    """The verdicts when tests do what ``does`` says (how they run, which), and the rounds that were asked for."""
    verdicts: dict[int, Verdict] = {}
    asking, asked = rounds(failed, run or Run(), workers, verdicts, had_overlays=had_overlays), []
    try:
        asked.append(next(asking))
        while True:
            tests = (index for batch in asked[-1].batches for index in batch)
            asked.append(asking.send({index: does(asked[-1].title, index) for index in tests}))
    except StopIteration:
        return verdicts, asked


def test_a_sample_of_each_failure_is_asked_before_the_rest_which_gets_less_time() -> None:
    verdicts, asked = ask(dict.fromkeys(range(10), "cascade") | {11: "other"}, lambda *_: FAILED)

    assert [batch[0] for batch in asked[0].batches] == [0, 1, 2, 11]
    assert (asked[0].is_spare, asked[1].is_spare) == (False, True)
    assert set(verdicts.values()) == {Verdict("fails")}
    assert len(verdicts) == 11


def test_when_one_of_a_sample_passes_alone_all_that_show_its_failure_are_asked_at_once() -> None:
    _, asked = ask(dict.fromkeys(range(8), "clash"), lambda how, index: PASSED if index == 0 else FAILED)

    assert [len(one.batches) for one in asked[:2]] == [3, 5]
    assert not asked[1].is_spare


def test_what_fails_in_order_passes_alone() -> None:
    verdicts, asked = ask({6: "f"}, lambda how, _: PASSED if how == "alone" else FAILED)

    assert verdicts == {6: Verdict("passes_alone")}
    assert asked[1].batches == ((0, 2, 4, 6),)
    assert asked[1].workers == 1


def test_what_fails_beside_others_only_is_taken_as_it_is_without_them() -> None:
    seen = RerunResult("passed", "call", 0.5)
    verdicts, asked = ask({6: "f", 9: "f"}, lambda how, index: FAILED if (how, index) == ("beside others", 6) else seen)

    assert verdicts == {6: Verdict("fails_beside_others", seen), 9: Verdict("fails_beside_others", seen)}
    assert asked[2].workers == 2


def test_where_tests_share_something_all_that_failed_are_settled_one_by_one() -> None:
    def does(how: str, index: int) -> RerunResult:
        fails = {"alone": {4, 8}, "beside others": {6}, "one by one": {8}}
        return FAILED if index in fails.get(how, ()) else PASSED

    verdicts, asked = ask({4: "f", 6: "g", 8: "h"}, does)

    assert (asked[-1].title, asked[-1].batches, asked[-1].is_decisive) == ("one by one", (tuple(range(9)),), True)
    assert {index: verdict.kind for index, verdict in verdicts.items()} == {
        4: "fails_beside_others",
        6: "fails_beside_others",
        8: "fails",
    }


def test_many_in_doubt_are_settled_by_one_plain_run_at_once() -> None:
    verdicts, asked = ask(dict.fromkeys(range(16), "exists already"), lambda *_: PASSED)

    assert [one.title for one in asked] == ["alone", "one by one"]
    assert len(asked[0].batches) == 3
    assert (asked[1].batches, asked[1].is_decisive) == ((tuple(range(16)),), True)
    assert verdicts == {index: Verdict("fails_beside_others", PASSED) for index in range(16)}


def test_what_fails_in_that_plain_run_too_is_looked_at_further() -> None:
    verdicts, _ = ask(
        dict.fromkeys(range(16), "exists already"),
        lambda how, index: FAILED if index == 3 and how != "alone" else PASSED,
    )

    assert verdicts[3] == Verdict("passes_alone")
    assert {verdict.kind for index, verdict in verdicts.items() if index != 3} == {"fails_beside_others"}


def test_one_that_failed_in_that_plain_run_is_not_taken_for_one_that_passes_in_it() -> None:
    def does(how: str, index: int) -> RerunResult:
        return FAILED if index == 3 and how in ("one by one", "beside others") else PASSED

    verdicts, _ = ask(dict.fromkeys(range(16), "exists already"), does)

    assert verdicts[3] == Verdict("fails", FAILED)


def test_what_is_undecided_is_settled_by_a_plain_run_and_a_single_worker_needs_none() -> None:
    """The rounds that would have decided had no time."""

    def decide(workers: int) -> tuple[dict[int, Verdict], list[str]]:
        verdicts: dict[int, Verdict] = {}
        planned, titles = rounds({4: "f", 6: "f"}, Run(), workers, verdicts), []
        try:
            one = next(planned)
            while True:
                titles.append(one.title)
                has_time = one.title in ("alone", "one by one")
                one = planned.send({index: PASSED for batch in one.batches for index in batch} if has_time else {})
        except StopIteration:
            return verdicts, titles

    passes = Verdict("fails_beside_others", PASSED)
    assert decide(2) == ({4: passes, 6: passes}, ["alone", "in order", "one by one"])
    assert decide(1) == ({}, ["alone", "in order"])


def test_a_test_that_was_cut_off_from_those_before_it_is_run_after_them() -> None:
    verdicts, asked = ask({5: "f", 9: "f"}, lambda how, _: FAILED if how == "alone" else PASSED, run=Run(cut_off=5))

    assert verdicts == {5: Verdict("needs_others", PASSED), 9: Verdict("fails")}
    assert asked[1].batches == ((0, 1, 2, 3, 4, 5),)


def test_that_another_test_fails_beside_it_shows_the_sharing_too_but_not_one_that_always_fails() -> None:
    def does(how: str, index: int) -> RerunResult:
        return FAILED if index == 4 or (how == "beside others" and index == culprit) else PASSED

    culprit = 7
    assert ask({6: "f", 4: "g"}, does)[0][6].kind == "fails_beside_others"
    culprit = -1
    assert ask({6: "f", 4: "g"}, does)[0] == {4: Verdict("fails"), 6: Verdict("flaky")}


def test_one_worker_has_nothing_beside_it() -> None:
    verdicts, asked = ask({6: "f"}, lambda *_: PASSED, workers=1)

    assert verdicts == {6: Verdict("flaky")}
    assert [one.title for one in asked] == ["alone", "in order"]


def test_of_what_there_was_no_time_for_nothing_is_said() -> None:
    verdicts: dict[int, Verdict] = {}
    asking = rounds({3: "f", 4: "f"}, Run(), 2, verdicts)
    next(asking)

    def ask_on() -> None:
        while True:
            asking.send({})

    with pytest.raises(StopIteration):
        ask_on()
    assert verdicts == {}


def test_verdicts_stand_as_soon_as_the_round_that_decides_is_over() -> None:
    verdicts: dict[int, Verdict] = {}
    asking = rounds({3: "f", 6: "g"}, Run(), 2, verdicts)
    next(asking)

    assert asking.send({3: FAILED, 6: PASSED}).title == "in order"
    assert verdicts == {3: Verdict("fails")}


def test_what_was_found_beside_others_and_never_settled_is_settled_by_who_goes_on() -> None:
    verdicts = {4: Verdict("fails_beside_others"), 6: Verdict("fails_beside_others")}
    asking = rounds({}, Run(), 2, verdicts)

    assert next(asking).title == "one by one"
    with pytest.raises(StopIteration):
        asking.send({4: PASSED, 6: FAILED})
    assert verdicts == {4: Verdict("fails_beside_others", PASSED), 6: Verdict("fails", FAILED)}


def test_after_overlays_a_plain_run_decides_before_anything_else_is_asked() -> None:
    other = RerunResult("failed", failure="another")

    def does(how: str, index: int) -> RerunResult:
        if how == "one by one":
            return {4: PASSED, 6: FAILED, 8: other}.get(index, PASSED)
        return PASSED if (how, index) == ("alone", 6) else FAILED

    verdicts, asked = ask({4: "f", 6: "f", 8: "f"}, does, had_overlays=True)

    assert [one.title for one in asked] == ["one by one", "alone", "in order", "in order"]
    assert asked[0] == Round("one by one", (tuple(range(9)),), is_decisive=True)
    assert asked[1].batches == ((6,), (8,))
    assert verdicts == {4: Verdict("needs_others", PASSED), 6: Verdict("passes_alone"), 8: Verdict("fails", other)}


def test_after_overlays_a_test_that_failed_by_chance_is_flaky_and_nothing_else() -> None:
    def does(how: str, index: int) -> RerunResult:
        return FAILED if (how, index) in {("in order", 4), ("beside others", 9)} else PASSED

    verdicts, _ = ask({4: "f", 6: "f"}, does, had_overlays=True)
    assert {index: verdict.kind for index, verdict in verdicts.items()} == {4: "needs_others", 6: "needs_others"}

    verdicts, asked = ask({6: "f"}, lambda *_: PASSED, had_overlays=True)
    assert verdicts == {6: Verdict("flaky", PASSED)}
    assert [(one.title, one.workers) for one in asked] == [("one by one", 1), ("in order", 1), ("beside others", 2)]


def test_after_overlays_what_fails_in_a_plain_run_fails_whatever_it_does_otherwise() -> None:
    def does(how: str, index: int) -> RerunResult:
        return FAILED if how == "one by one" or (how, index) == ("beside others", 6) else PASSED

    verdicts, _ = ask({6: "f", 9: "f"}, does, had_overlays=True)

    assert verdicts == {6: Verdict("fails", FAILED), 9: Verdict("fails", FAILED)}


def test_after_overlays_nothing_is_asked_where_nothing_failed_that_is_not_explained() -> None:
    assert list(rounds({}, Run(), 2, {3: Verdict("fails")}, had_overlays=True)) == []


def test_after_overlays_of_what_there_was_no_time_for_in_a_plain_run_the_rest_is_asked_as_usual() -> None:
    asking = rounds({3: "f"}, Run(), 2, {}, had_overlays=True)
    next(asking)

    assert asking.send({}).title == "alone"


@given(
    st.dictionaries(st.integers(0, 19), st.sampled_from(["f", "g", None]), min_size=1),
    st.functions(like=lambda how, index: None, returns=st.sampled_from([PASSED, FAILED]), pure=True),
    st.integers(1, 2),
)
def test_whatever_tests_do_after_overlays_outcomes_are_those_of_a_plain_run(
    failed: dict[int, str | None], does: Callable[[str, int], RerunResult], workers: int
) -> None:
    verdicts, _ = ask(failed, does, workers, had_overlays=True)

    assert verdicts.keys() <= failed.keys()
    for index, verdict in verdicts.items():
        plain = does("one by one", index)
        now_bad = verdict.instead.is_bad if verdict.instead else True
        assert now_bad == plain.is_bad


@given(
    st.dictionaries(st.integers(0, 19), st.sampled_from(["f", "g", None]), min_size=1),
    st.functions(like=lambda how, index: None, returns=st.sampled_from([PASSED, FAILED]), pure=True),
    st.integers(1, 2),
)
def test_every_failing_test_is_asked_alone_once_and_verdicts_are_of_failing_tests(
    failed: dict[int, str | None], does: Callable[[str, int], RerunResult], workers: int
) -> None:
    verdicts, asked = ask(failed, does, workers)

    alone = [batch for one in asked if one.title == "alone" for batch in one.batches]
    assert sorted(alone) == sorted((index,) for index in failed)
    assert verdicts.keys() <= failed.keys()
    for verdict in verdicts.values():
        assert verdict.instead is None or verdict.instead.is_bad == (verdict.kind == "fails")
