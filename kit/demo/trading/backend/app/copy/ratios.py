"""How large the copy of a leader's order is."""

from dataclasses import dataclass
from decimal import Decimal

from backend.app.core.errors import Invalid
from backend.app.core.money import floor_to_lot
from backend.app.paper.sizing import Instrument

ZERO = Decimal(0)
MAXIMUM_MULTIPLIER = Decimal(3)


@dataclass(frozen=True)
class CopyPlan:
    """What to do with one leader order: the quantity, and why it is not the plain share."""

    quantity: Decimal
    reason: str = ""


def share(capital: Decimal, leader_equity: Decimal, multiplier: Decimal = Decimal(1)) -> Decimal:
    """The follower's capital in proportion to the leader's equity, times the multiplier."""
    if leader_equity <= 0:
        raise Invalid("the leader has no equity to follow")
    if not ZERO < multiplier <= MAXIMUM_MULTIPLIER:
        raise Invalid(f"the multiplier must be above 0 and at most {MAXIMUM_MULTIPLIER}")
    return capital / leader_equity * multiplier


def plan_copy(
    target: Instrument,
    leader_quantity: Decimal,
    ratio: Decimal,
    *,
    price: Decimal,
    cash: Decimal,
) -> CopyPlan:
    """The follower's order for a leader's order: scaled, cut to the cash and to whole lots."""
    wanted = leader_quantity * ratio
    affordable = cash / price
    quantity = floor_to_lot(min(wanted, affordable), target.lot)
    if quantity * price < target.minimum_value:
        return CopyPlan(ZERO, "below the smallest order")
    return CopyPlan(quantity, "cut to the cash" if affordable < wanted else "")
