"""Matching an order with a quote, and what a fill does to a position."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.app.core.errors import Invalid

ZERO = Decimal(0)


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        return 1 if self is Side.BUY else -1


class Kind(StrEnum):
    MARKET = "market"
    LIMIT = "limit"


@dataclass(frozen=True)
class Quote:
    bid: Decimal
    ask: Decimal
    size: Decimal


@dataclass(frozen=True)
class Fill:
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class Holding:
    """Signed quantity, average entry price, and what was realised so far."""

    quantity: Decimal = ZERO
    average_price: Decimal = ZERO
    realised: Decimal = ZERO


def match(
    side: Side, kind: Kind, quantity: Decimal, quote: Quote, limit_price: Decimal | None = None
) -> Fill | None:
    """What of an order executes against a quote right now; None when nothing does."""
    if kind is Kind.LIMIT and limit_price is None:
        raise Invalid("a limit order needs a limit price")
    price = quote.ask if side is Side.BUY else quote.bid
    if limit_price is not None and kind is Kind.LIMIT and (limit_price - price) * side.sign < 0:
        return None
    executed = min(quantity, quote.size)
    return Fill(executed, price) if executed > 0 else None


def apply_fill(holding: Holding, side: Side, fill: Fill) -> Holding:
    """The position after a fill: adding averages the price, reducing realises, crossing zero opens anew."""
    change = fill.quantity * side.sign
    after = holding.quantity + change
    if holding.quantity * change >= 0:
        cost = holding.average_price * abs(holding.quantity) + fill.price * fill.quantity
        return Holding(after, cost / abs(after) if after else ZERO, holding.realised)
    closed = min(abs(change), abs(holding.quantity))
    direction = 1 if holding.quantity > 0 else -1
    realised = holding.realised + (fill.price - holding.average_price) * closed * direction
    if after == 0:
        return Holding(ZERO, ZERO, realised)
    return Holding(after, holding.average_price if after * holding.quantity > 0 else fill.price, realised)
