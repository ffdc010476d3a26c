"""From indicators to a stance."""

from decimal import Decimal

import pytest

from backend.app.analyst.signals import Blend, Stance, blend, momentum_stance, strength_stance, trend_stance
from backend.app.core.errors import FeatureDisabled
from backend.app.core.settings import FeatureSwitches, Settings

SERIES = {
    "flat": [100] * 12,
    "rising": [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111],
    "falling": [111, 110, 109, 108, 107, 106, 105, 104, 103, 102, 101, 100],
    "choppy-up": [100, 103, 101, 104, 102, 105, 103, 106, 104, 107, 105, 108],
    "choppy-down": [108, 105, 107, 104, 106, 103, 105, 102, 104, 101, 103, 100],
    "spike": [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 130],
    "crash": [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 70],
    "turning": [100, 104, 108, 112, 116, 120, 118, 112, 106, 102, 98, 94],
}
L, S, F = Stance.LONG, Stance.SHORT, Stance.FLAT
TRENDS = {
    "flat": F, "rising": L, "falling": S, "choppy-up": L, "choppy-down": S, "spike": L, "crash": S, "turning": S,
}  # fmt: skip
STRENGTHS = {
    "flat": F, "rising": S, "falling": L, "choppy-up": F, "choppy-down": F, "spike": S, "crash": L, "turning": L,
}  # fmt: skip
BLENDS = {
    "flat": Blend(F, 3), "rising": Blend(L, 2), "falling": Blend(S, 2), "choppy-up": Blend(L, 2),
    "choppy-down": Blend(S, 2), "spike": Blend(L, 2), "crash": Blend(S, 2), "turning": Blend(S, 2),
}  # fmt: skip


def prices(name: str) -> list[Decimal]:
    return [Decimal(price) for price in SERIES[name]]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize(("fast", "slow"), [(3, 9)])
def test_trend_compares_two_averages(name: str, fast: int, slow: int) -> None:
    assert trend_stance(prices(name), fast, slow) is TRENDS[name]


@pytest.mark.parametrize("name", SERIES)
def test_strength_goes_against_the_crowd(name: str) -> None:
    assert strength_stance(prices(name), 6) is STRENGTHS[name]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("threshold", ["3", "50"])
def test_momentum_needs_a_threshold(name: str, threshold: str) -> None:
    before, after = SERIES[name][-7], SERIES[name][-1]
    change = (after - before) / before * 100
    expected = F if abs(change) < float(threshold) else L if change > 0 else S
    assert momentum_stance(prices(name), 6, Decimal(threshold)) is expected


@pytest.mark.parametrize("name", BLENDS)
def test_blend_follows_the_majority(name: str) -> None:
    assert blend(prices(name), period=6, settings=Settings()) == BLENDS[name]


@pytest.mark.parametrize("name", ["flat", "rising"])
def test_blend_can_be_switched_off(name: str) -> None:
    settings = Settings(features=FeatureSwitches(signal_blending=False))
    with pytest.raises(FeatureDisabled, match="'signal_blending' is switched off"):
        blend(prices(name), period=6, settings=settings)
