"""How good decisions were."""

from decimal import Decimal

import pytest

from backend.app.core.errors import Invalid
from backend.app.decisions.scoring import Outcome, brier, classify, scorecard

D = Decimal


@pytest.mark.parametrize("sign", [1, -1], ids=["up", "down"])
@pytest.mark.parametrize(
    ("size", "flat"),
    [("0", True), ("0.1", True), ("0.25", True), ("0.2501", False), ("3", False), ("250", False)],
)
def test_a_quarter_of_a_percent_is_flat(sign: int, size: str, flat: bool) -> None:
    expected = Outcome.FLAT if flat else Outcome.WIN if sign > 0 else Outcome.LOSS
    assert classify(D(size) * sign) is expected


@pytest.mark.parametrize("confidence", [0, 25, 50, 90])
@pytest.mark.parametrize(("outcome", "happened"), [(Outcome.WIN, 100), (Outcome.FLAT, 50), (Outcome.LOSS, 0)])
def test_brier_score_is_a_squared_distance(confidence: int, outcome: Outcome, happened: int) -> None:
    assert brier(confidence, outcome) * 10_000 == (confidence - happened) ** 2


@pytest.mark.parametrize("confidence", [-1, 101, 1000])
@pytest.mark.parametrize("outcome", Outcome)
def test_confidence_has_bounds(confidence: int, outcome: Outcome) -> None:
    with pytest.raises(Invalid, match="from 0 to 100"):
        brier(confidence, outcome)


@pytest.mark.parametrize("wins", [0, 2])
@pytest.mark.parametrize("losses", [0, 1, 3])
@pytest.mark.parametrize("flats", [0, 4])
def test_hit_rate_leaves_flat_results_out(wins: int, losses: int, flats: int) -> None:
    card = scorecard([(60, D(5))] * wins + [(60, D(-5))] * losses + [(60, D(0))] * flats)
    assert (card.wins, card.losses, card.flats) == (wins, losses, flats)
    assert card.hit_rate == (round(D(100) * wins / (wins + losses), 2) if wins + losses else None)


@pytest.mark.parametrize("confidence", [0, 40, 100])
@pytest.mark.parametrize("results", [[5], [5, -5], [5, 5, -5, 0]], ids=len)
def test_mean_brier_score(confidence: int, results: list[int]) -> None:
    happened = {5: 1.0, -5: 0.0, 0: 0.5}
    expected = sum((confidence / 100 - happened[result]) ** 2 for result in results) / len(results)
    card = scorecard((confidence, D(result)) for result in results)
    assert float(card.brier) == pytest.approx(expected, abs=0.00005)
