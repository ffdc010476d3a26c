from __future__ import annotations

from kit.suite.plan.ledger import Ledger, OneProcess


def test_a_batch_is_held_until_each_of_its_tests_is_finished() -> None:
    ledger = Ledger([(0, 1), (2,)])

    assert ledger.hand_out(0) == (0, 1)
    assert ledger.holds(0, 1)
    assert not ledger.holds(1, 1)
    assert ledger.finish(0, 0)
    assert ledger.is_busy(0)
    assert ledger.finish(0, 1)
    assert not ledger.is_busy(0)
    assert not ledger.is_done
    assert ledger.hand_out(1) == (2,)
    assert ledger.finish(1, 2)
    assert ledger.is_done


def test_what_a_lost_child_had_not_finished_is_handed_out_next_in_its_order() -> None:
    ledger = Ledger([(0, 1, 2, 3), (4,)])
    ledger.hand_out(0)
    ledger.finish(0, 0)
    ledger.finish(0, 1)

    ledger.take_back(0)

    assert ledger.waiting == 2
    assert ledger.hand_out(1) == (2, 3)


def test_a_suspect_comes_last_alone_and_with_nothing_beside_it() -> None:
    ledger = Ledger([(0, 1, 2), (3,), (4,)])
    ledger.hand_out(0)
    ledger.take_back(0, {0, 2})
    assert [ledger.hand_out(slot) for slot in (0, 1, 0)] == [(1,), (3,), (4,)]

    ledger.finish(1, 3)
    assert (ledger.waiting, ledger.hand_out(1)) == (0, ())
    ledger.finish(0, 1)
    ledger.finish(0, 4)
    assert (ledger.waiting, ledger.hand_out(1)) == (1, (0,))
    assert (ledger.waiting, ledger.hand_out(0), ledger.hand_out(1)) == (0, (), ())
    ledger.finish(1, 0)
    assert ledger.hand_out(0) == (2,)
    assert [index for index in range(5) if ledger.is_isolated(index)] == [0, 2]


def test_a_test_is_finished_once_and_only_by_who_holds_it() -> None:
    ledger = Ledger([(0,)])
    ledger.hand_out(0)

    assert not ledger.finish(1, 0)
    assert ledger.finish(0, 0)
    assert not ledger.finish(0, 0)
    assert ledger.is_done


def test_the_next_batch_comes_on_top_of_what_is_held() -> None:
    ledger = Ledger([(0,), (1,)])
    ledger.hand_out(0)
    ledger.hand_out(0)

    assert ledger.holds(0, 0)
    assert ledger.holds(0, 1)


def test_an_empty_suite_is_done() -> None:
    assert Ledger(()).is_done
    assert Ledger(()).hand_out(0) == ()


def test_nobody_gets_an_earlier_part_of_a_file_after_a_later_one_but_who_takes_its_place_does() -> None:
    ledger = Ledger([(2, 3), (0, 1), (4,)], ["a.py", "a.py", "a.py", "b.py", "c.py"])

    assert ledger.hand_out(0) == (2, 3)
    assert ledger.hand_out(0) == (4,)
    assert ledger.hand_out(0) == ()
    assert (ledger.waiting, ledger.is_done) == (1, False)
    for index in (2, 3, 4):
        ledger.finish(0, index)
    ledger.take_back(0)
    assert ledger.hand_out(0) == (0, 1)


def test_a_lost_batch_may_be_begun_again_by_who_comes_next() -> None:
    ledger = Ledger([(0, 1, 2)], ["a.py"] * 3)
    ledger.hand_out(0)
    ledger.finish(0, 0)
    ledger.take_back(0)

    assert ledger.hand_out(1) == (1, 2)


def test_the_leader_gets_the_first_batch_and_all_others_the_last() -> None:
    ledger = Ledger([(0, 1), (2,), (3,), (4, 5)], has_leader=True)

    assert [ledger.hand_out(slot) for slot in (1, 0, 1, 0)] == [(4, 5), (0, 1), (3,), (2,)]
    assert (ledger.handed(0), ledger.order) == ((0, 1, 2), (0, 1, 2, 3, 4, 5))


def test_what_a_lost_worker_had_not_finished_is_not_for_the_leader_first() -> None:
    ledger = Ledger([(0,), (1,), (2, 3)], has_leader=True)
    ledger.hand_out(1)
    ledger.finish(1, 2)

    ledger.take_back(1)

    assert (ledger.hand_out(0), ledger.hand_out(1)) == ((0,), (3,))


def test_without_its_leader_all_workers_take_the_first_batch() -> None:
    ledger = Ledger([(0,), (1,), (2,), (3,)], has_leader=True)
    ledger.hand_out(0)

    ledger.take_back(0)

    assert [ledger.hand_out(slot) for slot in (1, 0, 1)] == [(0,), (1,), (2,)]


def test_one_process_is_over_when_its_tests_are_finished_or_it_has_ended() -> None:
    ledger, lost = OneProcess((4, 5)), OneProcess((4, 5))
    for one in (ledger, lost):
        assert (one.waiting, one.hand_out(0), one.is_done) == (0, (4, 5), False)

    ledger.finish(0, 4)
    ledger.finish(0, 5)
    lost.take_back(0)

    assert (ledger.is_done, lost.is_done, lost.waiting) == (True, True, 0)
