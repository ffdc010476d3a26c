"""Rounding and percentages."""

from decimal import Decimal

import pytest

from backend.app.core.money import basis_points, floor_to_lot, percent_change, round_to_tick, to_cents

D = Decimal


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0", "0.00"), ("1", "1.00"), ("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("0.0251", "0.03"),
        ("-0.005", "0.00"), ("-0.015", "-0.02"), ("2.675", "2.68"), ("1e-9", "0.00"), ("123456.785", "123456.78"),
    ],
)  # fmt: skip
def test_halves_go_to_the_even_cent(amount: str, cents: str) -> None:
    assert to_cents(D(amount)) == D(cents)


@pytest.mark.parametrize(
    ("price", "tick", "rounded"),
    [
        ("100.004", "0.01", "100.00"), ("100.005", "0.01", "100.01"), ("100.019", "0.01", "100.02"),
        ("12.37", "0.05", "12.35"), ("12.38", "0.05", "12.40"), ("12.375", "0.05", "12.40"),
        ("61000.2", "0.5", "61000.0"), ("61000.25", "0.5", "61000.5"), ("7", "2", "8"), ("6.9", "2", "6"),
        ("0.00004", "0.0001", "0"), ("2330.15", "0.10", "2330.2"),
    ],
)  # fmt: skip
def test_prices_go_to_the_nearest_tick(price: str, tick: str, rounded: str) -> None:
    assert round_to_tick(D(price), D(tick)) == D(rounded)


@pytest.mark.parametrize("quantity", ["0", "19.99", "99999.9999"])
@pytest.mark.parametrize("lot", ["0.0001", "1", "1000"])
def test_quantities_are_cut_to_whole_lots(quantity: str, lot: str) -> None:
    cut = floor_to_lot(D(quantity), D(lot))
    assert cut % D(lot) == 0
    assert 0 <= D(quantity) - cut < D(lot)


@pytest.mark.parametrize("size", ["0", "-0.01", "-5"])
@pytest.mark.parametrize("function", [round_to_tick, floor_to_lot], ids=lambda function: function.__name__)
def test_sizes_must_be_positive(size: str, function) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        function(D(10), D(size))


@pytest.mark.parametrize("amount", ["2500.50", "-40"])
@pytest.mark.parametrize(
    ("points", "percent"), [(0, "0"), (1, "0.01"), (25, "0.25"), (100, "1"), (10_000, "100")]
)
def test_hundred_basis_points_are_one_percent(amount: str, points: int, percent: str) -> None:
    assert basis_points(D(amount), points) == D(amount) * D(percent) / 100


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("100", "110", "10.00"), ("100", "90", "-10.00"), ("100", "100", "0.00"), ("0", "50", "0.00"),
        ("3", "4", "33.33"), ("-100", "-50", "50.00"), ("-100", "-150", "-50.00"), ("80", "0", "-100.00"),
        ("1", "1.00005", "0.00"), ("0.5", "2", "300.00"),
    ],
)  # fmt: skip
def test_change_in_percent(before: str, after: str, change: str) -> None:
    assert percent_change(D(before), D(after)) == D(change)
