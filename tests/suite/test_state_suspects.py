"""Which tests are suspects, and of which of them a second run shows that a state makes no difference to them."""

from __future__ import annotations

from kit.suite.run.state_log import LoggedChange, Look
from kit.suite.run.state_suspects import Suspicion, suspicion

RATES = LoggedChange("file rates.txt", "1 bytes, 7", "1 bytes, 8", ("rates.txt",))
CURRENCY = LoggedChange("app.CURRENCY", "'USD'", "'EUR'", ("CURRENCY",))


def suspected(
    *processes: list[int],
    looks: dict[int, tuple[int, ...]],
    reader: int,
    change: LoggedChange = CURRENCY,
    is_late: bool = False,
) -> Suspicion:
    """The suspicion after ``processes`` ran these tests; ``looks`` has, by process, the tests that changed a state.
    ``is_late``: the reader ended after all others had begun, and not before.
    """
    places = {index: (id(ran), place) for ran in processes for place, index in enumerate(ran, start=1)}
    taken = [
        Look(tests, (change,), processes[process], processes[process].index(tests[-1]) + 1)
        for process, tests in looks.items()
    ]
    readers = {change.names: frozenset({reader})}
    times = {index: (1.0, 3.0) if index != reader else (0.0, 2.0 if is_late else 0.5) for index in places}
    return suspicion(taken, readers, places, times, lambda *_: False)


def test_a_test_that_ran_beside_the_polluter_is_a_suspect_and_running_it_again_settles_it() -> None:
    found = suspected([0, 1], [2], looks={0: (0, 1)}, reader=2)
    assert (found.suspects, found.polluters) == ((2,), (0, 1))
    assert [asked for _, _, asked in found.questions] == [{2}]


def test_a_test_that_ran_after_the_polluter_is_none() -> None:
    assert suspected([0, 1, 2], looks={0: (0, 1)}, reader=2) == Suspicion()


def test_a_test_that_ran_before_the_polluter_in_its_process_is_a_suspect() -> None:
    found = suspected([2, 0, 1], looks={0: (0, 1)}, reader=2)
    assert [asked for _, _, asked in found.questions] == [{2}]


def test_a_test_that_saw_the_state_from_another_polluter_is_a_suspect_and_stays_unsettled() -> None:
    found = suspected([0, 2], [1], looks={0: (0,), 1: (1,)}, reader=2)
    assert found.suspects == (2,)
    assert [asked for _, _, asked in found.questions] == [frozenset()]


def test_a_test_that_comes_before_the_polluter_in_a_plain_run_and_ran_after_it_is_settled_by_running_it_again() -> None:
    found = suspected([1, 0], looks={0: (1,)}, reader=0)
    assert found.suspects == (0,)
    assert [asked for _, _, asked in found.questions] == [{0}]


def test_a_test_that_ran_before_a_later_one_in_another_process_cannot_have_seen_its_states() -> None:
    assert suspected([0], [1], looks={1: (1,)}, reader=0, is_late=True) == Suspicion()


def test_a_test_that_ran_beside_a_later_one_can_have_seen_the_files_that_this_one_changes() -> None:
    assert suspected([0], [1], looks={1: (1,)}, reader=0, change=RATES, is_late=True).suspects == (0,)
    assert suspected([0], [1], looks={1: (1,)}, reader=0, change=RATES) == Suspicion()


def test_doing_the_same_once_more_tells_nothing_of_a_file_that_a_test_may_have_seen_changed() -> None:
    late = suspected([0], [1], looks={0: (0,)}, reader=1, change=RATES, is_late=True)
    early = suspected([0], [1], looks={0: (0,)}, reader=1, change=RATES)
    assert late.suspects == early.suspects == (1,)
    assert [asked for _, _, asked in (*late.questions, *early.questions)] == [frozenset(), {1}]


def test_a_test_that_ran_before_the_polluter_is_a_suspect_where_no_look_came_between_them() -> None:
    found = suspected([4, 5, 2, 3], looks={0: (4, 5, 2, 3)}, reader=5)
    assert (found.suspects, found.polluters) == ((5,), (2, 3, 4))
    assert [asked for _, _, asked in found.questions] == [{5}]


def test_tests_that_ran_in_plain_order_between_two_looks_are_none() -> None:
    assert suspected([2, 3, 5], looks={0: (2, 3, 5)}, reader=5) == Suspicion()
