"""Every test has one owner and one end, whichever sites are lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.cluster.site_ledger import SiteLedger


def run_all(ledger: SiteLedger, site: int) -> list[int]:
    """What a site runs, alone, until there is nothing more for it."""
    ran = []
    while batch := ledger.hand_out(site, 1):
        for index in batch:
            assert ledger.finish(site, [index]) == index
            ran.append(index)
    return ran


def test_a_site_gets_as_many_batches_as_it_may_hold() -> None:
    ledger = SiteLedger([(0, 1), (2,), (3,)])

    assert [ledger.hand_out(0, 2) for _ in range(3)] == [(0, 1), (2,), ()]
    assert ledger.hand_out(1, 2) == (3,)


def test_what_another_site_holds_cannot_be_finished() -> None:
    ledger = SiteLedger([(0,), (1,)])
    ledger.hand_out(0, 1)

    assert ledger.finish(1, [0]) is None
    assert ledger.finish(0, [0]) == 0
    assert ledger.finish(0, [0]) is None
    assert not ledger.is_done


def test_tests_of_one_name_are_finished_one_by_one() -> None:
    ledger = SiteLedger([(0, 1)])
    ledger.hand_out(0, 1)

    assert [ledger.finish(0, [0, 1]) for _ in range(3)] == [0, 1, None]
    assert ledger.is_done


def test_the_first_unfinished_tests_of_a_lost_site_run_where_nothing_else_does() -> None:
    ledger = SiteLedger([(0, 1, 2), (3, 4), (5,), (6,)])
    ledger.hand_out(0, 2)
    ledger.hand_out(0, 2)
    ledger.hand_out(1, 1)
    ledger.finish(0, [0])

    assert ledger.take_back(0) == ()

    assert ledger.hand_out(1, 2) == ()  # it has to be empty first
    ledger.finish(1, [5])
    assert ledger.hand_out(1, 2) == (1,)
    assert ledger.hand_out(1, 2) == ()
    assert ledger.hand_out(2, 2) == (3,)  # one that has nothing takes the next
    assert ledger.hand_out(3, 1) == (4,)  # and the others go on
    ledger.finish(1, [1])
    assert run_all(ledger, 1) == [2, 6]


def test_who_is_lost_with_two_sites_is_to_blame() -> None:
    ledger = SiteLedger([(0, 1)])
    ledger.hand_out(0, 1)
    assert ledger.take_back(0) == ()
    assert ledger.hand_out(1, 1) == (0,)

    assert ledger.take_back(1) == (0,)

    assert run_all(ledger, 2) == [1]
    assert ledger.is_done


@pytest.mark.slow
@given(st.data())
def test_every_test_ends_once_whatever_is_lost(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    tests = iter(range(sum(sizes)))
    ledger = SiteLedger([tuple(next(tests) for _ in range(size)) for size in sizes])
    ended: list[int] = []
    held: dict[int, list[int]] = {}
    newest = 3
    for _ in range(200):
        if ledger.is_done:
            break
        site = data.draw(st.integers(newest - 3, newest - 1))
        held.setdefault(site, []).extend(ledger.hand_out(site, 2))
        if data.draw(st.integers(0, 9)) == 0:
            ended += ledger.take_back(site)
            held.pop(site)
            newest += 1
        elif held[site]:
            index = held[site].pop(0)
            assert ledger.finish(site, [index]) == index
            ended.append(index)
    for site in range(newest):
        for index in held.get(site, ()):
            ledger.finish(site, [index])
            ended.append(index)
    for _ in range(len(sizes) * 4):
        ended += run_all(ledger, newest)

    assert ledger.is_done
    assert sorted(ended) == list(range(sum(sizes)))
