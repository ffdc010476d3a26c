"""How large an order may be."""

from dataclasses import dataclass
from decimal import Decimal

from backend.app.core.errors import Invalid
from backend.app.core.money import floor_to_lot

ZERO = Decimal(0)


@dataclass(frozen=True)
class Instrument:
    """What an order has to respect: tick and lot size, and the smallest order value."""

    symbol: str
    tick: Decimal
    lot: Decimal
    minimum_value: Decimal


INSTRUMENTS: dict[str, Instrument] = {
    entry.symbol: entry
    for entry in (
        Instrument("ACME", Decimal("0.01"), Decimal(1), Decimal(1)),
        Instrument("BOLT", Decimal("0.05"), Decimal(10), Decimal(50)),
        Instrument("CRUX", Decimal("0.0001"), Decimal(1000), Decimal(100)),
        Instrument("BTC-USD", Decimal("0.5"), Decimal("0.0001"), Decimal(10)),
        Instrument("ETH-USD", Decimal("0.05"), Decimal("0.001"), Decimal(10)),
        Instrument("XAU-USD", Decimal("0.10"), Decimal("0.01"), Decimal(25)),
    )
}


def instrument(symbol: str) -> Instrument:
    try:
        return INSTRUMENTS[symbol.upper()]
    except KeyError:
        raise Invalid(f"unknown symbol {symbol!r}") from None


def by_cash(target: Instrument, cash: Decimal, price: Decimal) -> Decimal:
    """The most that the cash buys, in whole lots; zero when that is below the smallest order."""
    if price <= 0:
        raise Invalid("price must be positive")
    quantity = floor_to_lot(max(cash, ZERO) / price, target.lot)
    return quantity if quantity * price >= target.minimum_value else ZERO


def by_risk(
    target: Instrument, equity: Decimal, risk_percent: Decimal, entry: Decimal, stop: Decimal
) -> Decimal:
    """The quantity that loses that share of the equity when the stop is hit, in whole lots."""
    if not ZERO < risk_percent <= 10:
        raise Invalid("risk must be above 0 and at most 10 percent")
    distance = abs(entry - stop)
    if distance == 0:
        raise Invalid("entry and stop must differ")
    return floor_to_lot(equity * risk_percent / 100 / distance, target.lot)
