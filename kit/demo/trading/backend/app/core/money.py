"""Arithmetic on amounts, prices and quantities: exact decimals, explicit rounding."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
BASIS_POINT = Decimal("0.0001")


def to_cents(amount: Decimal) -> Decimal:
    """Round to cents, halves to the even cent, as the ledger does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN)


def round_to_tick(price: Decimal, tick: Decimal) -> Decimal:
    """Round a price to the nearest multiple of the venue's tick size."""
    if tick <= 0:
        raise ValueError("tick size must be positive")
    return (price / tick).quantize(Decimal(1), rounding=ROUND_HALF_UP) * tick


def floor_to_lot(quantity: Decimal, lot: Decimal) -> Decimal:
    """Cut a quantity down to whole lots; never rounds up."""
    if lot <= 0:
        raise ValueError("lot size must be positive")
    return (quantity / lot).quantize(Decimal(1), rounding=ROUND_DOWN) * lot


def basis_points(amount: Decimal, points: int) -> Decimal:
    """That many hundredths of a percent of an amount, unrounded."""
    return amount * BASIS_POINT * points


def percent_change(before: Decimal, after: Decimal) -> Decimal:
    """Change in percent, two places; zero when there is nothing to compare with."""
    if before == 0:
        return Decimal("0.00")
    return ((after - before) / abs(before) * 100).quantize(CENT, rounding=ROUND_HALF_EVEN)
