from __future__ import annotations

from itertools import chain, groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.suite.plan.batches import Item, one_each, plan, plan_with_leader


def items_of(module: str, number: int, *, shares: str = "", parent: str = "", functions: int = 1) -> list[Item]:
    return [
        Item(module, parent or module, f"test_{index * functions // number}", shares)  # type: ignore[arg-type]
        for index in range(number)
    ]


def sizes(items: list[Item], workers: int = 2) -> list[int]:
    return [len(batch) for batch in plan(items, range(len(items)), workers)]


@st.composite
def suites(draw: st.DrawFn) -> list[Item]:
    modules = draw(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["", "class", "module"])), max_size=12))
    return list(chain(*(items_of(f"test_{n}.py", size, shares=shares) for n, (size, shares) in enumerate(modules))))


@given(suites(), st.integers(1, 8))
def test_every_test_is_in_one_batch_and_the_order_of_a_plain_run_holds(items: list[Item], workers: int) -> None:
    batches = plan(items, range(len(items)), workers)

    assert list(chain(*batches)) == list(range(len(items)))
    assert all(batches)


@given(suites(), st.integers(1, 8))
def test_tests_that_share_a_fixture_of_their_module_stay_together(items: list[Item], workers: int) -> None:
    batches = plan(items, range(len(items)), workers)

    for module, group in groupby(range(len(items)), lambda index: items[index].module):
        if items[next(group)].shared_scope == "module":
            assert sum(any(items[index].module == module for index in batch) for batch in batches) == 1


@pytest.mark.slow
@given(suites(), st.integers(1, 8), st.data())
def test_with_known_durations_every_test_is_in_one_batch_and_order_holds_inside(
    items: list[Item], workers: int, data: st.DataObject
) -> None:
    indexes = range(len(items))
    seconds = st.floats(0, 60, allow_nan=False)
    known = data.draw(st.dictionaries(st.sampled_from(indexes), seconds)) if items else {}

    batches = plan(items, indexes, workers, known)

    assert sorted(chain(*batches)) == list(indexes)
    assert all(list(batch) == sorted(batch) for batch in batches)
    for module, group in groupby(indexes, lambda index: items[index].module):
        if items[next(group)].shared_scope == "module":
            assert sum(any(items[index].module == module for index in batch) for batch in batches) == 1


def test_the_longest_batch_comes_first_and_a_slow_test_stands_alone() -> None:
    items = items_of("test_a.py", 20, functions=20)
    durations = {index: 10.0 if index == 19 else 0.1 for index in range(20)}

    batches = plan(items, range(20), workers=2, durations=durations)

    assert batches[0] == (19,)
    assert plan(items, range(20), workers=1, durations=durations)[0][0] == 0, "one worker keeps the plain order"


def test_the_earlier_parts_of_its_file_come_along_with_a_batch_that_comes_first() -> None:
    items = [item for name in "abcd" for item in items_of(f"test_{name}.py", 10, functions=10)]
    durations = {index: 1.0 if index < 20 else 0.1 for index in range(40)} | {29: 5.0}

    order = list(chain(*plan(items, range(40), workers=2, durations=durations)))

    assert order == [*range(20, 30), *range(20), *range(30, 40)]


@pytest.mark.slow
@given(suites(), st.integers(2, 8), st.data())
def test_the_plain_order_is_left_only_for_an_earlier_end(items: list[Item], workers: int, data: st.DataObject) -> None:
    def end_of(batches: tuple[tuple[int, ...], ...]) -> float:
        free = [0.0] * workers
        for batch in batches:
            free = sorted([free[0] + sum(known[index] for index in batch), *free[1:]])
        return free[-1]

    seconds = st.sampled_from([0.01, 0.3, 1.0, 5.0])
    known = dict(enumerate(data.draw(st.lists(seconds, min_size=len(items), max_size=len(items)))))

    batches = plan(items, range(len(items)), workers, known)

    plain = tuple(sorted(batches))
    assert batches == plain or end_of(batches) < end_of(plain)


def test_batches_that_do_not_decide_when_the_run_ends_keep_the_plain_order() -> None:
    items = [item for number in range(40) for item in items_of(f"test_{number:02}.py", 5, functions=5)]
    durations = {index: (0.1, 0.3, 0.9)[index % 3] for index in range(200)}

    batches = plan(items, range(200), workers=2, durations=durations)

    assert list(chain(*batches)) == list(range(200))


def test_a_test_whose_duration_is_not_known_counts_as_the_usual_one() -> None:
    items = items_of("test_a.py", 4, functions=4)

    batches = plan(items, range(4), workers=1, durations={0: 1.0, 1: 1.0, 2: 1.0})

    assert [len(batch) for batch in batches] == [1, 1, 1, 1]


def test_files_and_tests_can_each_have_a_batch() -> None:
    items = [*items_of("test_a.py", 2), *items_of("test_b.py", 1)]

    assert one_each(items, [0, 1, 2], "file") == ((0, 1), (2,))
    assert one_each(items, [0, 2], "test") == ((0,), (2,))


def test_only_the_given_tests_are_planned() -> None:
    items = items_of("test_a.py", 10)

    assert list(chain(*plan(items, [1, 4, 9], workers=2))) == [1, 4, 9]


def test_modules_are_kept_whole_as_long_as_they_are_small() -> None:
    items = list(chain(*(items_of(f"test_{n}.py", 10) for n in range(100))))

    batches = plan(items, range(len(items)), workers=2)

    split = [n for n in range(100) if sum(any(i // 10 == n for i in batch) for batch in batches) > 1]
    assert set(split) <= set(range(85, 100))  # only towards the end, where batches are small


def test_one_big_module_does_not_decide_the_wall_clock() -> None:
    assert max(sizes(items_of("test_big.py", 1000))) < 1000 / 8


def test_a_class_is_cut_only_when_its_fixtures_allow() -> None:
    free = items_of("test_a.py", 40, parent="test_a.py::TestA", functions=40)
    bound = items_of("test_a.py", 40, parent="test_a.py::TestA", functions=40, shares="class")

    assert len(sizes(free)) > 10
    assert sizes(bound) == [40]


def test_free_tests_beside_bound_ones_can_still_be_cut_off() -> None:
    items = [*items_of("test_a.py", 50), *items_of("test_a.py", 20, shares="module"), *items_of("test_a.py", 50)]

    batches = plan(items, range(len(items)), workers=2)

    assert any(set(range(50, 70)) <= set(batch) for batch in batches)
    assert len(batches) > 5


def test_batches_become_smaller_towards_the_end() -> None:
    found = sizes(items_of("test_a.py", 2000, functions=2000))

    assert len(found) >= 10
    assert found[0] > found[len(found) // 2] > found[-1]


def test_few_slow_tests_are_spread_over_the_workers() -> None:
    assert max(sizes(items_of("test_a.py", 12, functions=12))) == 1


def test_nothing_to_run_is_no_batch() -> None:
    assert plan([], [], workers=2) == ()


@given(suites(), st.integers(2, 8))
def test_with_a_leader_every_test_is_in_one_batch_in_plain_order_and_files_stay_whole(
    items: list[Item], workers: int
) -> None:
    indexes = range(len(items))
    batches = plan_with_leader(items, indexes, workers)

    sizes = [len(list(module)) for _, module in groupby(indexes, lambda index: items[index].module)]
    if len(sizes) < 2 * workers or max(sizes) * workers > len(items):
        assert batches is None
        return
    assert batches is not None
    assert list(chain(*batches)) == list(indexes)
    owners = [{items[index].module for index in batch} for batch in batches]
    assert sum(map(len, owners)) == len(sizes), "no file is in two batches"


def test_with_a_leader_batches_are_small_where_it_meets_the_others() -> None:
    items = list(chain(*(items_of(f"test_{number:02}.py", 1) for number in range(64))))

    batches = plan_with_leader(items, range(64), 2)

    assert batches is not None
    held = [len(batch) for batch in batches]
    assert held[-1] > 8, "the others begin with a large part"
    assert {len(batch) for batch in batches if 30 <= batch[0] <= 33} == {1}


def test_there_is_no_leader_where_a_long_test_has_to_come_first() -> None:
    items = list(chain(*(items_of(f"test_{number}.py", 2) for number in range(8))))
    even = dict.fromkeys(range(16), 1.0)

    assert plan_with_leader(items, range(16), 2, even) is not None
    assert plan_with_leader(items, range(16), 2, {**even, 6: 6.0}) is None
    assert plan_with_leader(items, range(16), 1, even) is None
    assert plan_with_leader(items, range(16), 2, even, most_workers=5) is None
