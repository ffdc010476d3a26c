"""The rules that every order has to pass."""

from dataclasses import dataclass
from decimal import Decimal

from backend.app.core.errors import RiskRejected
from backend.app.paper.fills import Side

ZERO = Decimal(0)


@dataclass(frozen=True)
class Limits:
    """Shares of the equity, in percent, and the price collar around the last price."""

    order_percent: Decimal = Decimal(25)
    exposure_percent: Decimal = Decimal(200)
    collar_percent: Decimal = Decimal(10)


@dataclass(frozen=True)
class Candidate:
    """An order as the rules see it."""

    side: Side
    quantity: Decimal
    price: Decimal
    last_price: Decimal


def violations(
    order: Candidate, *, equity: Decimal, exposure: Decimal, limits: Limits = Limits()
) -> list[str]:
    """The names of the rules that an order breaks, in the order they are checked."""
    broken = []
    value = order.quantity * order.price
    if equity <= ZERO:
        return ["equity"]
    if value > equity * limits.order_percent / 100:
        broken.append("order-size")
    if abs(exposure + value * order.side.sign) > equity * limits.exposure_percent / 100:
        broken.append("exposure")
    if abs(order.price - order.last_price) > order.last_price * limits.collar_percent / 100:
        broken.append("price-collar")
    return broken


def check(order: Candidate, *, equity: Decimal, exposure: Decimal, limits: Limits = Limits()) -> None:
    """Raise RiskRejected, naming every rule that is broken."""
    if broken := violations(order, equity=equity, exposure=exposure, limits=limits):
        raise RiskRejected(f"rejected by risk rules: {', '.join(broken)}")
