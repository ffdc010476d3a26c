"""Which tests are run once more, and what their outcomes then say: the planning alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.run.rechecking import Doubts, RerunResult, Round, Rounds, Verdict, rounds_after, rounds_before, settle
from kit.suite.run.starts import MOST_STARTS

pytestmark = pytest.mark.slow

PASSED, FAILED = RerunResult("passed"), RerunResult("failed", failure="f")
Does = Callable[[str, int], RerunResult]


@dataclass(frozen=True)
class Run:
    """A run of 20 tests in two processes: even ones in the first, odd ones in the second. ``cut_off`` had not the
    tests of its file before it; ``plain`` ran as in a plain run.
    """

    cut_off: int = -1
    plain: int = -1

    def missed(self, index: int) -> tuple[int, ...]:
        return tuple(range(index + 1)) if index == self.cut_off else ()

    def ran_as_plain(self, index: int) -> bool:
        return index == self.plain

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        return tuple(range(0, 20, 2)), tuple(range(1, 20, 2))


@dataclass
class Asked:
    """What was asked, and the verdicts. ``has_time`` are the titles of rounds that there is time for."""

    does: Does
    has_time: tuple[str, ...] = ("alone", "in order", "beside others")
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    rounds: list[Round] = field(default_factory=list)
    starts: Counter[int] = field(default_factory=Counter)

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.rounds]

    def run(self, one: Round) -> dict[int, RerunResult]:
        self.rounds.append(one)
        if one.title not in self.has_time:
            return {}
        tests = [index for batch in one.batches for index in batch]
        self.starts.update(tests)
        return {index: self.does(one.title, index) for index in tests}

    def play(self, planned: Rounds) -> None:
        try:
            one = next(planned)
            while True:
                one = planned.send(self.run(one))
        except StopIteration:
            pass


def ask(
    failed: Mapping[int, str | None],
    does: Does,
    workers: int = 2,
    run: Run | None = None,
    *,
    had_overlays: bool = False,
    share: bool = False,
    asked: Asked | None = None,
) -> Asked:
    """The re-runs when tests do what ``does`` says (how they run, which); ``share``: they are known to share files."""
    asked, run = asked or Asked(does), run or Run()
    doubts = Doubts(failed, workers, had_overlays, had_overlays)
    asked.play(rounds_before(doubts, run, asked.verdicts))
    tests = tuple(range(max(doubts.tests) + 1)) if doubts.tests else ()
    plain = asked.run(Round("in order", (tests,))) if tests else {}
    settle(doubts, run, plain, asked.verdicts, lambda _: share)
    asked.play(rounds_after(doubts, run, plain, asked.verdicts))
    return asked


def kinds(asked: Asked) -> dict[int, str]:
    return {index: verdict.kind for index, verdict in asked.verdicts.items()}


def test_a_sample_of_each_failure_is_asked_before_the_rest_which_gets_less_time() -> None:
    asked = ask(dict.fromkeys(range(10), "cascade") | {11: "other"}, lambda *_: FAILED)

    assert [batch[0] for batch in asked.rounds[0].batches] == [0, 1, 2, 11]
    assert [one.is_spare for one in asked.rounds] == [False, True]
    assert set(asked.verdicts.values()) == {Verdict("fails")}
    assert len(asked.verdicts) == 11


def test_failures_that_look_alike_are_asked_as_one_and_fewer_of_each_where_there_are_very_many_looks() -> None:
    first = {}
    for tests, looks in ((40, 2), (900, 450)):
        failed: dict[int, str | None] = {index: f"f{index}" for index in range(tests)}
        doubts = Doubts(failed, 2, looks={failure: index % looks for index, failure in failed.items()})
        first[looks] = [batch[0] for batch in next(rounds_before(doubts, Run(), {})).batches]

    assert first == {2: [0, 1, 2, 3, 4, 5], 450: list(range(450))}


def test_when_one_of_a_sample_passes_alone_all_that_show_its_failure_are_asked_at_once() -> None:
    asked = ask(dict.fromkeys(range(8), "clash"), lambda how, index: PASSED if index == 0 else FAILED)

    assert [len(one.batches) for one in asked.rounds[:2]] == [3, 5]
    assert not asked.rounds[1].is_spare


def test_what_fails_in_a_plain_run_and_passes_alone_depends_on_others() -> None:
    asked = ask({6: "f"}, lambda how, _: PASSED if how == "alone" else FAILED)

    assert asked.verdicts == {6: Verdict("passes_alone")}
    assert asked.rounds[1].batches == (tuple(range(7)),)


def test_what_passes_alone_and_in_a_plain_run_is_counted_as_there_and_shares_something_only_by_evidence() -> None:
    seen = RerunResult("passed", "call", 0.5)

    for share, kind in ((True, "fails_beside_others"), (False, "flaky")):
        asked = ask({6: "f", 9: "g"}, lambda *_: seen, share=share)
        assert {verdict.kind for verdict in asked.verdicts.values()} == {kind}
        assert {verdict.instead for verdict in asked.verdicts.values()} == {seen}


def test_what_failed_with_nothing_beside_it_and_passes_under_the_same_conditions_is_flaky_and_stays_failed() -> None:
    assert ask({6: "f"}, lambda *_: PASSED, run=Run(plain=6), share=True).verdicts == {6: Verdict("flaky")}
    assert ask({6: "f"}, lambda *_: PASSED, workers=1).verdicts == {6: Verdict("flaky")}


def test_many_in_doubt_are_settled_by_the_plain_run_at_once() -> None:
    asked = ask(dict.fromkeys(range(16), "exists already"), lambda *_: PASSED, share=True)

    assert asked.titles == ["alone", "in order"]
    assert len(asked.rounds[0].batches) == 3
    assert asked.verdicts == {index: Verdict("fails_beside_others", PASSED) for index in range(16)}


@pytest.mark.parametrize(("alone", "kind"), [(PASSED, "passes_alone"), (FAILED, "fails")])
def test_what_fails_in_that_plain_run_too_is_run_alone_then(alone: RerunResult, kind: str) -> None:
    def does(how: str, index: int) -> RerunResult:
        return (FAILED if how == "in order" else alone) if index == 9 else PASSED

    asked = ask(dict.fromkeys(range(16), "exists already"), does, share=True)

    assert asked.titles == ["alone", "in order", "alone"]
    assert asked.verdicts[9].kind == kind
    assert {verdict.kind for index, verdict in asked.verdicts.items() if index != 9} == {"fails_beside_others"}


def test_a_test_that_was_cut_off_from_those_before_it_needs_them_if_it_passes_in_a_plain_run() -> None:
    def does(how: str, _: int) -> RerunResult:
        return FAILED if how == "alone" else PASSED

    asked = ask({5: "f", 9: "f"}, does, run=Run(cut_off=5))
    assert asked.verdicts == {5: Verdict("needs_others", PASSED), 9: Verdict("fails")}

    asked = ask({5: "f"}, lambda *_: FAILED, run=Run(cut_off=5))
    assert asked.verdicts == {5: Verdict("fails")}
    assert [one.title for one in asked.rounds] == ["alone", "in order"]


def test_what_fails_alone_and_passes_in_a_plain_run_that_others_need_counts_as_there() -> None:
    def does(how: str, index: int) -> RerunResult:
        return FAILED if how == "alone" and index == 3 else PASSED

    assert ask({3: "f", 9: "g"}, does).verdicts[3] == Verdict("needs_others", PASSED)


def test_what_there_was_no_time_to_run_alone_is_settled_by_a_plain_run_that_others_need() -> None:
    doubts, verdicts = Doubts({3: "f", 5: "g", 7: "h"}, workers=2, tests={3}, alone={3: PASSED}), dict[int, Verdict]()
    settle(doubts, Run(), {3: PASSED, 5: PASSED, 7: FAILED}, verdicts, lambda _: True)

    assert verdicts == dict.fromkeys((3, 5), Verdict("fails_beside_others", PASSED))


def test_what_asks_for_objects_and_passes_as_soon_as_nothing_is_watched_counts_as_there() -> None:
    asking, verdicts = frozenset({3, 5, 7}), dict[int, Verdict]()
    doubts = Doubts(
        {3: "f", 5: "g", 7: "h"}, workers=1, ask_for_objects=asking, alone={3: PASSED, 5: PASSED, 7: FAILED}
    )
    settle(doubts, Run(plain=7), {3: PASSED, 5: FAILED, 7: PASSED}, verdicts, lambda _: False)

    assert verdicts[3] == Verdict("fails_watched", PASSED)
    assert [verdicts[index].kind for index in (5, 7)] == ["passes_alone", "flaky"]


def test_of_what_there_was_no_time_for_nothing_is_said() -> None:
    assert ask({3: "f", 4: "f"}, lambda *_: PASSED, asked=Asked(lambda *_: PASSED, has_time=())).verdicts == {}
    only_alone = Asked(lambda *_: PASSED, has_time=("alone",))
    assert ask({3: "f", 4: "f"}, lambda *_: PASSED, asked=only_alone).verdicts == {}


def test_after_overlays_a_plain_run_decides_before_anything_else_is_asked() -> None:
    other = RerunResult("failed", failure="another")

    def does(how: str, index: int) -> RerunResult:
        if how == "in order":
            return {4: PASSED, 6: FAILED, 8: other}.get(index, PASSED)
        return PASSED if (how, index) == ("alone", 6) else FAILED

    asked = ask({4: "f", 6: "f", 8: "f"}, does, had_overlays=True)

    assert asked.titles == ["in order", "alone", "beside others"]
    assert asked.rounds[1].batches == ((6,), (8,))
    assert asked.verdicts == {
        4: Verdict("needs_others", PASSED),
        6: Verdict("passes_alone"),
        8: Verdict("fails", other),
    }


def test_after_overlays_a_test_that_failed_by_chance_is_flaky_and_nothing_else() -> None:
    asked = ask({6: "f"}, lambda *_: PASSED, had_overlays=True)

    assert asked.verdicts == {6: Verdict("flaky", PASSED)}
    assert [(one.title, one.workers) for one in asked.rounds] == [("in order", 1), ("beside others", 2)]


def test_after_overlays_what_fails_in_a_plain_run_fails_whatever_it_does_otherwise() -> None:
    asked = ask({6: "f", 9: "f"}, lambda how, _: FAILED if how in ("in order", "alone") else PASSED, had_overlays=True)

    assert kinds(asked) == {6: "fails", 9: "fails"}


def test_after_overlays_nothing_is_asked_where_nothing_failed_that_is_not_explained() -> None:
    assert ask({}, lambda *_: PASSED, had_overlays=True).rounds == []


RULES = given(
    st.dictionaries(st.integers(0, 19), st.sampled_from(["f", "g", None]), min_size=1),
    st.functions(like=lambda how, index: None, returns=st.sampled_from([PASSED, FAILED]), pure=True),
    st.integers(1, 2),
    st.booleans(),
    st.builds(Run, st.integers(-1, 19), st.integers(-1, 19)),
)


@RULES
def test_whatever_tests_do_none_is_started_more_than_three_times_in_a_run(
    failed: dict[int, str | None], does: Does, workers: int, had_overlays: bool, run: Run
) -> None:
    asked = ask(failed, does, workers, run, had_overlays=had_overlays)

    assert 1 + max(asked.starts.values()) <= MOST_STARTS  # once in the run itself


@RULES
def test_whatever_tests_do_outcomes_are_those_of_a_plain_run_where_there_was_one(
    failed: dict[int, str | None], does: Does, workers: int, had_overlays: bool, run: Run
) -> None:
    asked = ask(failed, does, workers, run, had_overlays=had_overlays)
    plain = {index for one in asked.rounds if one.title == "in order" for batch in one.batches for index in batch}

    assert asked.verdicts.keys() == failed.keys()
    for index, verdict in asked.verdicts.items():
        now_bad = verdict.instead.is_bad if verdict.instead else True
        failed_alike = verdict.kind == "flaky" and verdict.instead is None  # in the run and in the plain run
        if index in plain and not failed_alike:
            assert now_bad == does("in order", index).is_bad
