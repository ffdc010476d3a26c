"""How good decisions were, apart from how they turned out."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.app.core.errors import Invalid
from backend.app.core.money import CENT

FLAT = Decimal("0.25")


class Outcome(StrEnum):
    WIN = "win"
    FLAT = "flat"
    LOSS = "loss"


def classify(result_percent: Decimal) -> Outcome:
    """A result within a quarter of a percent is flat."""
    if abs(result_percent) <= FLAT:
        return Outcome.FLAT
    return Outcome.WIN if result_percent > 0 else Outcome.LOSS


def brier(confidence: int, outcome: Outcome) -> Decimal:
    """The squared distance between confidence (0 to 100) and what happened; flat counts as half."""
    if not 0 <= confidence <= 100:
        raise Invalid("confidence goes from 0 to 100")
    happened = {Outcome.WIN: Decimal(1), Outcome.FLAT: Decimal("0.5"), Outcome.LOSS: Decimal(0)}[outcome]
    return (Decimal(confidence) / 100 - happened) ** 2


@dataclass(frozen=True)
class Scorecard:
    """Counts, hit rate in percent of what was not flat, and the mean Brier score (lower is better)."""

    wins: int
    losses: int
    flats: int
    hit_rate: Decimal | None
    brier: Decimal | None


def scorecard(results: Iterable[tuple[int, Decimal]]) -> Scorecard:
    """From pairs of confidence and result in percent. Rates are None where there is nothing to rate."""
    judged = [(confidence, classify(result)) for confidence, result in results]
    outcomes = [outcome for _, outcome in judged]
    wins, losses, flats = (outcomes.count(kind) for kind in (Outcome.WIN, Outcome.LOSS, Outcome.FLAT))
    decided = wins + losses
    return Scorecard(
        wins=wins,
        losses=losses,
        flats=flats,
        hit_rate=(Decimal(wins) / decided * 100).quantize(CENT) if decided else None,
        brier=(sum((brier(*pair) for pair in judged), Decimal(0)) / len(judged)).quantize(Decimal("0.0001"))
        if judged
        else None,
    )
