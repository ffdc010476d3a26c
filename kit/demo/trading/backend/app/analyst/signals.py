"""From indicators to a stance."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.app.analyst.indicators import exponential_average, momentum, relative_strength
from backend.app.core.settings import Settings

OVERBOUGHT, OVERSOLD = Decimal(70), Decimal(30)


class Stance(StrEnum):
    LONG = "long"
    SHORT = "short"
    FLAT = "flat"


@dataclass(frozen=True)
class Blend:
    """A stance and how many of the indicators agree with it."""

    stance: Stance
    votes: int


def trend_stance(prices: Sequence[Decimal], fast: int, slow: int) -> Stance:
    """Long while the fast average is above the slow one."""
    difference = exponential_average(prices, fast) - exponential_average(prices, slow)
    if difference == 0:
        return Stance.FLAT
    return Stance.LONG if difference > 0 else Stance.SHORT


def strength_stance(prices: Sequence[Decimal], period: int) -> Stance:
    """Against the crowd: short when overbought, long when oversold."""
    strength = relative_strength(prices, period)
    if strength >= OVERBOUGHT:
        return Stance.SHORT
    return Stance.LONG if strength <= OVERSOLD else Stance.FLAT


def momentum_stance(prices: Sequence[Decimal], period: int, threshold: Decimal = Decimal(1)) -> Stance:
    change = momentum(prices, period)
    if abs(change) < threshold:
        return Stance.FLAT
    return Stance.LONG if change > 0 else Stance.SHORT


def blend(prices: Sequence[Decimal], *, period: int, settings: Settings) -> Blend:
    """The stance of the majority of indicators; flat when there is none. Behind a feature switch."""
    settings.features.require("signal_blending")
    stances = [
        trend_stance(prices, max(period // 2, 1), period),
        strength_stance(prices, period),
        momentum_stance(prices, period),
    ]
    for stance in (Stance.LONG, Stance.SHORT):
        if (votes := stances.count(stance)) >= 2:
            return Blend(stance, votes)
    return Blend(Stance.FLAT, stances.count(Stance.FLAT))
