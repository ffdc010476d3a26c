"""Technical indicators."""

from decimal import Decimal

import pytest

from backend.app.analyst.indicators import (
    channel,
    exponential_average,
    momentum,
    relative_strength,
    simple_average,
)
from backend.app.core.errors import Invalid

SERIES = {
    "flat": [50] * 15,
    "rising": list(range(10, 25)),
    "falling": list(range(40, 25, -1)),
    "zigzag": [10, 14, 11, 15, 12, 16, 13, 17, 14, 18, 15, 19, 16, 20, 17],
    "jump": [10] * 14 + [80],
}
INDICATORS = {
    "simple": (simple_average, 0),
    "exponential": (exponential_average, 0),
    "channel": (channel, 0),
    "momentum": (momentum, 1),
    "strength": (relative_strength, 1),
}


def prices(name: str) -> list[Decimal]:
    return [Decimal(price) for price in SERIES[name]]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("period", [1, 14])
def test_simple_average_of_the_last_days(name: str, period: int) -> None:
    expected = sum(SERIES[name][-period:]) / period
    assert float(simple_average(prices(name), period)) == pytest.approx(expected, abs=0.00005)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("period", [1, 9])
def test_exponential_average_weighs_recent_days_more(name: str, period: int) -> None:
    weight, expected = 2 / (period + 1), float(SERIES[name][0])
    for price in SERIES[name][1:]:
        expected = price * weight + expected * (1 - weight)
    assert float(exponential_average(prices(name), period)) == pytest.approx(expected, abs=0.00005)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("period", [1, 14])
def test_momentum_is_the_change_in_percent(name: str, period: int) -> None:
    before, after = SERIES[name][-period - 1], SERIES[name][-1]
    assert float(momentum(prices(name), period)) == pytest.approx(
        (after - before) / before * 100, abs=0.00005
    )


@pytest.mark.parametrize(("name", "expected"), [("flat", 50), ("rising", 100), ("falling", 0), ("jump", 100)])
@pytest.mark.parametrize("period", [1, 14])
def test_strength_at_the_extremes(name: str, expected: int, period: int) -> None:
    assert relative_strength(prices(name), period) == expected


@pytest.mark.parametrize(("period", "up", "down"), [(2, 4, 3), (4, 8, 6), (14, 28, 21)])
def test_strength_weighs_gains_against_losses(period: int, up: int, down: int) -> None:
    expected = 100 * up / (up + down)
    assert float(relative_strength(prices("zigzag"), period)) == pytest.approx(expected, abs=0.00005)


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("period", [4])
def test_channel_holds_all_closes(name: str, period: int) -> None:
    low, high = channel(prices(name), period)
    assert (low, high) == (min(SERIES[name][-period:]), max(SERIES[name][-period:]))


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("period", [0, -3])
def test_period_must_be_positive(indicator: str, period: int) -> None:
    with pytest.raises(Invalid, match="at least one day"):
        INDICATORS[indicator][0](prices("flat"), period)


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("length", [0, 1, 4])
def test_too_few_prices_are_invalid(indicator: str, length: int) -> None:
    function, more = INDICATORS[indicator]
    with pytest.raises(Invalid, match=f"{5 + more} prices needed, {length} given"):
        function(prices("rising")[:length], 5)
