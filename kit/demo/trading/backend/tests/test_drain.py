"""Shutting down without losing orders."""

import signal

import pytest

from backend.schedulers.drain import SHIELDED, OrderDrain, shielded


@pytest.mark.parametrize("orders", [0, 3])
@pytest.mark.parametrize("settled", [0, 1, 3])
def test_orders_are_in_flight_until_they_are_settled(orders: int, settled: int) -> None:
    drain = OrderDrain()
    assert all(drain.accept(order) for order in range(orders))
    for order in range(settled):
        drain.settle(order)
    assert drain.in_flight == max(orders - settled, 0)


@pytest.mark.parametrize("times", [1, 2])
def test_settling_twice_counts_once(times: int) -> None:
    drain = OrderDrain()
    drain.accept(1)
    drain.accept(2)
    for _ in range(times):
        drain.settle(1)
    assert drain.in_flight == 1


@pytest.mark.parametrize("number", SHIELDED, ids=lambda number: number.name)
def test_signals_are_shielded_and_restored(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with shielded():
        assert signal.getsignal(number) is signal.SIG_IGN
    assert signal.getsignal(number) is before


def test_drain_returns_once_everything_is_settled() -> None:
    drain = OrderDrain()
    drain.accept(7)
    drain.settle(7)
    drain.drain()
    assert drain.accept(8) is False
