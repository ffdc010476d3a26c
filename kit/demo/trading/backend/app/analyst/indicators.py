"""Technical indicators on lists of closing prices, oldest first."""

from collections.abc import Sequence
from decimal import Decimal

from backend.app.core.errors import Invalid

FOUR_PLACES = Decimal("0.0001")
HUNDRED = Decimal(100)


def _checked(prices: Sequence[Decimal], period: int, needed: int) -> None:
    if period < 1:
        raise Invalid("a period has at least one day")
    if len(prices) < needed:
        raise Invalid(f"{needed} prices needed, {len(prices)} given")


def simple_average(prices: Sequence[Decimal], period: int) -> Decimal:
    _checked(prices, period, period)
    return (sum(prices[-period:], Decimal(0)) / period).quantize(FOUR_PLACES)


def exponential_average(prices: Sequence[Decimal], period: int) -> Decimal:
    """Started with the first price, weight 2 / (period + 1)."""
    _checked(prices, period, period)
    weight, average = Decimal(2) / (period + 1), prices[0]
    for price in prices[1:]:
        average += (price - average) * weight
    return average.quantize(FOUR_PLACES)


def momentum(prices: Sequence[Decimal], period: int) -> Decimal:
    """Change over the period, in percent."""
    _checked(prices, period, period + 1)
    before = prices[-period - 1]
    return ((prices[-1] - before) / before * HUNDRED).quantize(FOUR_PLACES)


def relative_strength(prices: Sequence[Decimal], period: int) -> Decimal:
    """RSI from plain averages: 100 when nothing fell, 50 when nothing moved."""
    _checked(prices, period, period + 1)
    changes = [after - before for before, after in zip(prices[-period - 1 :], prices[-period:])]
    gained = sum((change for change in changes if change > 0), Decimal(0))
    lost = -sum((change for change in changes if change < 0), Decimal(0))
    if gained == lost == 0:
        return HUNDRED / 2
    return (HUNDRED * gained / (gained + lost)).quantize(FOUR_PLACES)


def channel(prices: Sequence[Decimal], period: int) -> tuple[Decimal, Decimal]:
    """Lowest and highest close of the period."""
    _checked(prices, period, period)
    return min(prices[-period:]), max(prices[-period:])
