"""The rules that every order has to pass."""

from decimal import Decimal

import pytest

from backend.app.core.errors import RiskRejected
from backend.app.paper.fills import Side
from backend.app.paper.risk import Candidate, Limits, check, violations

D = Decimal


def order(side: Side = Side.BUY, quantity: str = "10", price: str = "100", last: str = "100") -> Candidate:
    return Candidate(side, D(quantity), D(price), D(last))


@pytest.mark.parametrize("equity", ["1000", "4000", "40000"])
@pytest.mark.parametrize("quantity", ["2.5", "2.51", "10", "10.01"])
@pytest.mark.parametrize("side", Side)
def test_order_takes_at_most_a_quarter_of_the_equity(equity: str, quantity: str, side: Side) -> None:
    broken = violations(order(side, quantity), equity=D(equity), exposure=D(0))
    assert ("order-size" in broken) == (D(quantity) * 100 > D(equity) / 4)


@pytest.mark.parametrize("exposure", ["-20000", "-19000", "0", "19000", "20000"])
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("quantity", ["5", "20"])
def test_exposure_stays_below_twice_the_equity(exposure: str, side: Side, quantity: str) -> None:
    broken = violations(order(side, quantity), equity=D(10_000), exposure=D(exposure))
    after = D(exposure) + D(quantity) * (100 if side is Side.BUY else -100)
    assert ("exposure" in broken) == (abs(after) > 20_000)


@pytest.mark.parametrize("price", ["80", "89.99", "90", "95", "105", "110", "110.01", "150"])
@pytest.mark.parametrize("side", Side)
def test_price_stays_within_the_collar(price: str, side: Side) -> None:
    broken = violations(order(side, "1", price), equity=D(10_000), exposure=D(0))
    assert ("price-collar" in broken) == (not 90 <= D(price) <= 110)


@pytest.mark.parametrize("equity", ["0", "-0.01", "-5000"])
@pytest.mark.parametrize("side", Side)
def test_without_equity_nothing_else_matters(equity: str, side: Side) -> None:
    assert violations(order(side, "1000", "500"), equity=D(equity), exposure=D(0)) == ["equity"]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(), ["order-size", "price-collar"]),
        (Limits(order_percent=D(100)), ["price-collar"]),
        (Limits(collar_percent=D(50)), ["order-size"]),
        (Limits(exposure_percent=D(10)), ["order-size", "exposure", "price-collar"]),
        (Limits(order_percent=D(100), collar_percent=D(50)), []),
    ],
    ids=["default", "large", "wide", "tight", "loose"],
)
@pytest.mark.parametrize("side", Side)
def test_rejection_names_every_broken_rule(limits: Limits, expected: list[str], side: Side) -> None:
    candidate = order(side, "30", "120")
    if expected:
        with pytest.raises(RiskRejected, match=f"^rejected by risk rules: {', '.join(expected)}$"):
            check(candidate, equity=D(10_000), exposure=D(0), limits=limits)
    else:
        check(candidate, equity=D(10_000), exposure=D(0), limits=limits)
