"""How large an order may be."""

from decimal import Decimal

import pytest

from backend.app.core.errors import Invalid
from backend.app.paper.sizing import by_cash, by_risk, instrument

D = Decimal
# symbol: lot, smallest order value, a price
RULES = {
    "ACME": ("1", "1", "100"),
    "BOLT": ("10", "50", "12.40"),
    "CRUX": ("1000", "100", "0.0450"),
    "BTC-USD": ("0.0001", "10", "61000"),
    "ETH-USD": ("0.001", "10", "3100"),
    "XAU-USD": ("0.01", "25", "2330.10"),
}


@pytest.mark.parametrize("symbol", RULES)
@pytest.mark.parametrize("cash", ["-5", "50", "99999.99"])
def test_cash_buys_whole_lots_and_not_one_more(symbol: str, cash: str) -> None:
    lot, smallest, price = (D(part) for part in RULES[symbol])
    quantity = by_cash(instrument(symbol), D(cash), price)
    assert quantity % lot == 0
    assert quantity * price <= max(D(cash), 0)
    if quantity:
        assert quantity * price >= smallest
        assert (quantity + lot) * price > D(cash)
    else:
        assert max(D(cash), 0) < max(lot * price, smallest + lot * price)


@pytest.mark.parametrize("symbol", RULES)
@pytest.mark.parametrize("percent", ["0.1", "10"])
@pytest.mark.parametrize("distance_percent", ["-5", "8"])
def test_risk_sizing_loses_at_most_the_share(symbol: str, percent: str, distance_percent: str) -> None:
    lot, _, entry = (D(part) for part in RULES[symbol])
    equity = D(50_000)
    stop = entry * (1 + D(distance_percent) / 100)
    quantity = by_risk(instrument(symbol), equity, D(percent), entry, stop)
    loss = quantity * abs(entry - stop)
    assert quantity % lot == 0
    assert loss <= equity * D(percent) / 100 < loss + lot * abs(entry - stop)


@pytest.mark.parametrize("percent", ["0", "-1", "10.01", "100"])
@pytest.mark.parametrize("symbol", ["ACME", "BTC-USD"])
def test_risk_has_bounds(percent: str, symbol: str) -> None:
    with pytest.raises(Invalid, match="above 0 and at most 10"):
        by_risk(instrument(symbol), D(1000), D(percent), D(100), D(90))


@pytest.mark.parametrize("price", ["0.01", "100", "61000"])
def test_stop_must_differ_from_entry(price: str) -> None:
    with pytest.raises(Invalid, match="must differ"):
        by_risk(instrument("ACME"), D(1000), D(1), D(price), D(price))


@pytest.mark.parametrize("price", ["0", "-1"])
@pytest.mark.parametrize("symbol", ["ACME", "CRUX", "BTC-USD"])
def test_price_must_be_positive(price: str, symbol: str) -> None:
    with pytest.raises(Invalid, match="price must be positive"):
        by_cash(instrument(symbol), D(1000), D(price))


@pytest.mark.parametrize("symbol", RULES)
@pytest.mark.parametrize("written", [str.lower, str.title], ids=["lower", "title"])
def test_symbols_are_found_in_any_case(symbol: str, written) -> None:
    assert instrument(written(symbol)).symbol == symbol


@pytest.mark.parametrize("symbol", ["", "ACM", "ACME ", "BTC/USD", "none"])
def test_unknown_symbols_are_invalid(symbol: str) -> None:
    with pytest.raises(Invalid, match="unknown symbol"):
        instrument(symbol)
