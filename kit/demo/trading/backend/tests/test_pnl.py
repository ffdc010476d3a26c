"""Profit and loss, first in first out."""

from decimal import Decimal

import pytest

from backend.app.core.errors import Invalid
from backend.app.paper.fills import Side
from backend.app.reports.pnl import TradeLine, drawdown, summarise

D = Decimal


def lines(text: str, symbol: str = "ACME") -> list[TradeLine]:
    """Trades from words such as "b10@5" and "s4@6"."""
    sides = {"b": Side.BUY, "s": Side.SELL}
    parts = [(word[0], *word[1:].split("@")) for word in text.split()]
    return [
        TradeLine(symbol, sides[side], D(quantity), D(price), D("0.1")) for side, quantity, price in parts
    ]


@pytest.mark.parametrize(
    ("trades", "realised", "left"),
    [
        ("", None, "0"), ("b10@5", None, "10"), ("b10@5 s10@5", "0", "0"), ("b10@5 s10@7", "20", "0"),
        ("b10@5 s4@7", "8", "6"), ("b10@5 s4@3 s6@9", "16", "0"), ("b10@5 b10@6 s10@7", "20", "10"),
        ("b10@5 b10@6 s15@7", "25", "5"), ("b10@6 b10@5 s15@7", "20", "5"), ("b1@5 b1@6 b1@7 s3@7", "3", "0"),
        ("b10@5 s5@6 b10@8 s15@8", "20", "0"), ("b0.5@100 s0.25@120", "5", "0.25"), ("b3@1.10 s3@1.20", "0.3", "0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("symbol", ["ACME", "BTC-USD"])
def test_oldest_purchases_are_sold_first(trades: str, realised: str | None, left: str, symbol: str) -> None:
    summary = summarise(lines(trades, symbol))
    assert summary.realised.get(symbol) == (None if realised is None else D(realised))
    assert summary.open.get(symbol, D(0)) == D(left)
    assert summary.fees == D("0.1") * len(trades.split())
    assert summary.net == (D(realised or 0) - summary.fees).quantize(D("0.01"))


@pytest.mark.parametrize("first", ["b10@5 s10@7", "b10@5 s4@3", "b1@1"])
@pytest.mark.parametrize("second", ["b2@50 s2@49", "b7@3 s1@4", "b5@5"])
def test_symbols_do_not_mix(first: str, second: str) -> None:
    together = summarise(lines(first, "ACME") + lines(second, "BOLT"))
    apart = summarise(lines(first, "ACME")), summarise(lines(second, "BOLT"))
    assert together.net == sum(part.net for part in apart)
    assert together.open == apart[0].open | apart[1].open


@pytest.mark.parametrize(
    ("trades", "missing"), [("s1@5", "1"), ("b10@5 s10.5@6", "0.5"), ("b1@1 s1@1 s3@1", "3")]
)
def test_selling_more_than_was_bought_is_invalid(trades: str, missing: str) -> None:
    with pytest.raises(Invalid, match=f"^{missing} ACME sold but never bought$"):
        summarise(lines(trades))


@pytest.mark.parametrize(
    ("equity", "deepest"),
    [
        ([], "0"), ([100], "0"), ([100, 120, 150], "0"), ([100, 80], "-20"), ([100, 80, 120, 110], "-20"),
        ([100, 90, 120, 60, 130], "-50"), ([100, 50, 25], "-75"), ([3, 2], "-33.33"), ([50, 50, 50], "0"),
    ],
    ids=str,
)  # fmt: skip
def test_drawdown_is_the_deepest_fall_from_a_peak(equity: list[int], deepest: str) -> None:
    assert drawdown([D(value) for value in equity]) == D(deepest)
