"""Profit and loss from a list of trades, first in first out."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from backend.app.core.errors import Invalid
from backend.app.core.money import percent_change, to_cents
from backend.app.paper.fills import Side

ZERO = Decimal(0)


@dataclass(frozen=True)
class TradeLine:
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    fee: Decimal = ZERO


@dataclass
class Summary:
    """Realised profit per symbol before fees, all fees, and what is still open (quantity by symbol)."""

    realised: dict[str, Decimal] = field(default_factory=dict)
    fees: Decimal = ZERO
    open: dict[str, Decimal] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        return to_cents(sum(self.realised.values(), ZERO) - self.fees)


def summarise(trades: Iterable[TradeLine]) -> Summary:
    """Match sales with the oldest purchases. Raises Invalid when more is sold than was bought."""
    summary = Summary()
    lots: dict[str, deque[tuple[Decimal, Decimal]]] = {}
    for trade in trades:
        summary.fees += trade.fee
        held = lots.setdefault(trade.symbol, deque())
        if trade.side is Side.BUY:
            held.append((trade.quantity, trade.price))
        else:
            gained = _sell(held, trade)
            summary.realised[trade.symbol] = summary.realised.get(trade.symbol, ZERO) + gained
    for symbol, held in lots.items():
        if remaining := sum((quantity for quantity, _ in held), ZERO):
            summary.open[symbol] = remaining
    return summary


def _sell(held: deque[tuple[Decimal, Decimal]], trade: TradeLine) -> Decimal:
    gained, left = ZERO, trade.quantity
    while left > 0:
        if not held:
            raise Invalid(f"{left.normalize():f} {trade.symbol} sold but never bought")
        quantity, price = held.popleft()
        taken = min(quantity, left)
        gained += (trade.price - price) * taken
        left -= taken
        if quantity > taken:
            held.appendleft((quantity - taken, price))
    return gained


def drawdown(equity: list[Decimal]) -> Decimal:
    """The deepest fall from a peak in percent, two places, zero or negative."""
    deepest, peak = Decimal("0.00"), None
    for value in equity:
        peak = value if peak is None else max(peak, value)
        deepest = min(deepest, percent_change(peak, value))
    return deepest
