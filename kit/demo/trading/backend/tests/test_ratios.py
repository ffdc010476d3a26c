"""How large a copy is."""

from decimal import Decimal

import pytest

from backend.app.copy.ratios import plan_copy, share
from backend.app.core.errors import Invalid
from backend.app.paper.sizing import instrument

D = Decimal


@pytest.mark.parametrize("capital", ["100", "50000"])
@pytest.mark.parametrize("equity", ["1000", "50000", "1000000"])
@pytest.mark.parametrize("multiplier", ["0.5", "3"])
def test_share_is_capital_over_equity(capital: str, equity: str, multiplier: str) -> None:
    ratio = share(D(capital), D(equity), D(multiplier))
    assert abs(ratio * D(equity) - D(capital) * D(multiplier)) < D("0.000001")


@pytest.mark.parametrize("equity", ["0", "-1"])
@pytest.mark.parametrize("capital", ["100", "5000"])
def test_leader_needs_equity(equity: str, capital: str) -> None:
    with pytest.raises(Invalid, match="no equity"):
        share(D(capital), D(equity))


@pytest.mark.parametrize("multiplier", ["0", "-0.5", "3.01", "100"])
@pytest.mark.parametrize("capital", ["100", "5000"])
def test_multiplier_has_bounds(multiplier: str, capital: str) -> None:
    with pytest.raises(Invalid, match="multiplier"):
        share(D(capital), D(1000), D(multiplier))


# symbol, price
MARKETS = [("ACME", "100"), ("BOLT", "12.40"), ("BTC-USD", "61000"), ("XAU-USD", "2330.10")]


@pytest.mark.parametrize(("symbol", "price"), MARKETS)
@pytest.mark.parametrize("ratio", ["0.001", "0.5", "2.5"])
@pytest.mark.parametrize("cash", ["100", "1000000"])
def test_copy_is_cut_to_cash_and_lots(symbol: str, price: str, ratio: str, cash: str) -> None:
    target = instrument(symbol)
    leader = target.lot * 300
    plan = plan_copy(target, leader, D(ratio), price=D(price), cash=D(cash))
    assert plan.quantity % target.lot == 0
    assert plan.quantity <= leader * D(ratio)
    assert plan.quantity * D(price) <= D(cash)
    if plan.quantity == 0:
        assert plan.reason == "below the smallest order"
    else:
        assert plan.quantity * D(price) >= target.minimum_value
        assert (plan.reason == "cut to the cash") == (leader * D(ratio) * D(price) > D(cash))
