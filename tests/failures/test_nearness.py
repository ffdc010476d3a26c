"""Near-equal messages: data may differ, words may not."""

from __future__ import annotations

from itertools import permutations

import pytest

from kit.facts.failures import Failure, Group
from kit.failures import group_failures
from tests.failures.live import failure_of, failure_with, own
from tests.failures.test_grouping import suite_of


def groups_of(*failures: Failure) -> tuple[Group, ...]:
    return group_failures(suite_of(*((f"t.py::{n}", failure) for n, failure in enumerate(failures)))).groups


def saying(*messages: str, kind: str = "app.errors.OrderError") -> tuple[Group, ...]:
    return groups_of(*(failure_with(message, kind) for message in messages))


@pytest.mark.parametrize(
    "messages",
    [
        ("1 row is locked", "2 rows are locked"),
        ("found 1 open order of ann", "found 17 open orders of ann"),
        ("unknown fields {'price', 'size'}", "unknown fields {'size', 'price'}"),
        ("the spread is 3, at most 2 is allowed", "the spread is 2.75, at most 2 is allowed"),
        ("missing orders [1, 2]", "missing orders [1]", "missing orders [4, 5, 6, 7]"),
        ("session 3f9a0c71be is closed", "session 77e0a1c29d is closed"),
        ("no fill  for the order: 7", "no fill for the order (7)"),
    ],
)
def test_data_of_another_amount_order_or_form_is_one_group(messages: tuple[str, ...]) -> None:
    (group,) = saying(*messages)

    assert group.count == len(messages)
    assert len({signature.message for signature, _ in group.variants}) == len(messages)
    assert f"{len(messages)} near-equal messages" in group.why


@pytest.mark.parametrize(
    "messages",
    [
        ("no such table: order", "no such table: orders"),
        ("no such column: trades.desk_id", "no such column: trades.desk_ids"),
        ("No module named 'web3.auto'", "No module named 'web3.auth'"),
        ('Multiple classes found for path "User"', 'Multiple classes found for path "Users"'),
        ("the limit must be > 3", "the limit must be < 3"),
        ("index ix_orders_1 already exists", "index ix_orders_2 already exists"),
        ("the market is open", "the market is not open"),
        ("cannot open 'a/b/settings.toml'", "cannot open 3"),
        ("unknown fields {'price', 'size'}", "unknown fields {'price', 'side'}"),
        ("order of ann has no price", "order of bob has no price"),
        ("3 class Orders left", "3 class Order left"),
    ],
)
def test_words_that_differ_are_different_groups(messages: tuple[str, str]) -> None:
    assert [group.count for group in saying(*messages)] == [1, 1]


def test_near_equal_messages_of_two_types_phases_or_places_stay_apart() -> None:
    one, two = "1 row is locked", "2 rows are locked"
    muted = "invalid literal for int() with base 10: '{}'"

    assert len(groups_of(failure_with(one, "app.A"), failure_with(two, "app.B"))) == 2
    assert len(groups_of(failure_with(one, "app.A"), failure_with(two, "app.A", phase="setup"))) == 2
    places = [
        failure_with(muted.format(value), "ValueError", frames=(own("app/x.py", 1, name),))
        for value, name in (("[1]", "load"), ("[1, 2]", "save"))
    ]
    assert len(groups_of(*places)) == 2


def test_what_python_says_of_a_wrong_number_of_arguments_is_one_group() -> None:
    def place(order: int) -> int:
        return order

    failures = [failure_of(lambda: place()), failure_of(lambda: place(1, 2)), failure_of(lambda: place(1, 2, 3))]  # type: ignore[call-arg]

    counts = [group.count for group in groups_of(*failures)]

    assert counts == [2, 1]  # too many, however many; and one that is missing


def test_the_order_of_the_failures_does_not_matter() -> None:
    texts = ("missing orders [1, 2]", "missing orders [1]", "missing orders: 1; 2", "missing order 1")

    seen = {tuple(sorted((group.id, group.count) for group in saying(*order))) for order in permutations(texts)}

    assert len(seen) == 1
