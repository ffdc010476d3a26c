"""What a fill costs."""

from dataclasses import dataclass
from decimal import Decimal

from backend.app.core.money import basis_points, to_cents
from backend.app.quotas.plans import Plan

MINIMUM_FEE = Decimal("0.10")


@dataclass(frozen=True)
class FeeSchedule:
    """Basis points for orders that make and that take liquidity."""

    maker: int
    taker: int


SCHEDULES: dict[Plan, FeeSchedule] = {
    Plan.FREE: FeeSchedule(maker=20, taker=30),
    Plan.STARTER: FeeSchedule(maker=15, taker=25),
    Plan.PRO: FeeSchedule(maker=8, taker=15),
    Plan.DESK: FeeSchedule(maker=0, taker=8),
}


def fee(value: Decimal, plan: Plan, *, taker: bool) -> Decimal:
    """The fee for a fill of that value, to the cent. Makers on a free-maker plan pay nothing at all."""
    schedule = SCHEDULES[plan]
    points = schedule.taker if taker else schedule.maker
    if points == 0 or value == 0:
        return Decimal("0.00")
    return max(to_cents(basis_points(abs(value), points)), MINIMUM_FEE)
