from __future__ import annotations

from kit.suite.plan.ledger import Ledger


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
