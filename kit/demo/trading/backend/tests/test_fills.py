"""Matching orders with quotes, and what fills do to positions."""

from decimal import Decimal

import pytest

from backend.app.core.errors import Invalid
from backend.app.paper.fills import Fill, Holding, Kind, Quote, Side, apply_fill, match

D = Decimal
QUOTE = Quote(bid=D("99.5"), ask=D("100.5"), size=D(40))


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("quantity", ["0.5", "1", "39", "40", "41", "1000"])
def test_market_orders_take_the_other_side(side: Side, quantity: str) -> None:
    price = QUOTE.ask if side is Side.BUY else QUOTE.bid
    assert match(side, Kind.MARKET, D(quantity), QUOTE) == Fill(min(D(quantity), D(40)), price)


@pytest.mark.parametrize("limit", ["99.49", "99.5", "99.51", "100.49", "100.5", "100.51"])
@pytest.mark.parametrize("side", Side)
def test_limit_orders_wait_for_their_price(limit: str, side: Side) -> None:
    fill = match(side, Kind.LIMIT, D(50), QUOTE, D(limit))
    crosses = D(limit) >= QUOTE.ask if side is Side.BUY else D(limit) <= QUOTE.bid
    assert (fill is not None) == crosses
    if fill is not None:
        assert fill.quantity == D(40)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("kind", Kind)
def test_empty_quotes_fill_nothing(side: Side, kind: Kind) -> None:
    assert match(side, kind, D(5), Quote(D(99), D(101), D(0)), D(100 + side.sign * 10)) is None


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("quantity", ["1", "500"])
def test_limit_orders_need_a_price(side: Side, quantity: str) -> None:
    with pytest.raises(Invalid, match="needs a limit price"):
        match(side, Kind.LIMIT, D(quantity), QUOTE)


# Holding (quantity at price), fill (side, quantity, price), and quantity, average and realised after it.
@pytest.mark.parametrize(
    ("before", "fill", "after"),
    [
        (("0", "0"), (Side.BUY, "10", "5"), ("10", "5", "0")),
        (("0", "0"), (Side.SELL, "10", "5"), ("-10", "5", "0")),
        (("10", "5"), (Side.BUY, "10", "7"), ("20", "6", "0")),
        (("10", "5"), (Side.BUY, "30", "9"), ("40", "8", "0")),
        (("10", "5"), (Side.SELL, "4", "6"), ("6", "5", "4")),
        (("10", "5"), (Side.SELL, "4", "3"), ("6", "5", "-8")),
        (("10", "5"), (Side.SELL, "10", "5"), ("0", "0", "0")),
        (("10", "5"), (Side.SELL, "10", "9"), ("0", "0", "40")),
        (("10", "5"), (Side.SELL, "15", "6"), ("-5", "6", "10")),
        (("-10", "5"), (Side.SELL, "10", "7"), ("-20", "6", "0")),
        (("-10", "5"), (Side.BUY, "4", "6"), ("-6", "5", "-4")),
        (("-10", "5"), (Side.BUY, "4", "3"), ("-6", "5", "8")),
        (("-10", "5"), (Side.BUY, "10", "2"), ("0", "0", "30")),
        (("-10", "5"), (Side.BUY, "25", "4"), ("15", "4", "10")),
    ],
    ids=[
        "open-long", "open-short", "add", "add-more", "reduce-gain", "reduce-loss", "close-even", "close-gain", "turn-short",
        "short-add", "short-reduce-loss", "short-reduce-gain", "short-close", "turn-long",
    ],
)  # fmt: skip
@pytest.mark.parametrize("realised", ["0", "-300"])
def test_position_after_a_fill(
    before: tuple[str, str], fill: tuple[Side, str, str], after: tuple[str, str, str], realised: str
) -> None:
    side, quantity, price = fill
    holding = Holding(D(before[0]), D(before[1]), D(realised))
    result = apply_fill(holding, side, Fill(D(quantity), D(price)))
    assert result == Holding(D(after[0]), D(after[1]), D(after[2]) + D(realised))


@pytest.mark.parametrize("first", ["10", "25.5"])
@pytest.mark.parametrize("price", ["4", "9.75"])
@pytest.mark.parametrize("side", Side)
def test_round_trip_at_one_price_realises_nothing(first: str, price: str, side: Side) -> None:
    other = Side.SELL if side is Side.BUY else Side.BUY
    fill = Fill(D(first), D(price))
    assert apply_fill(apply_fill(Holding(), side, fill), other, fill) == Holding()
