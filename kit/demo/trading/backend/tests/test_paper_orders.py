"""Placing orders on paper: fills, cash, positions and refusals."""

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Invalid
from backend.app.paper import service
from backend.app.paper.fills import Quote, Side
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade, Position
from backend.app.quotas.plans import Plan
from backend.tests.conftest import NOW, MakeAccount

pytestmark = pytest.mark.anyio
D = Decimal

TAKER_POINTS = {Plan.FREE: 30, Plan.STARTER: 25, Plan.PRO: 15, Plan.DESK: 8}
MAKER_POINTS = {Plan.FREE: 20, Plan.STARTER: 15, Plan.PRO: 8, Plan.DESK: 0}
# symbol, tick, lot, a usual bid and ask, a usual quantity
MARKETS = [
    ("ACME", "0.01", "1", "99.98", "100.02", "10"),
    ("BOLT", "0.05", "10", "12.35", "12.45", "50"),
    ("BTC-USD", "0.5", "0.0001", "61000.5", "61002.0", "0.05"),
    ("ETH-USD", "0.05", "0.001", "3100.10", "3100.40", "1.5"),
    ("XAU-USD", "0.10", "0.01", "2330.10", "2330.60", "2"),
]
MARKET_IDS = [market[0] for market in MARKETS]


def quote(bid: str = "99", ask: str = "101", size: str = "100000") -> Quote:
    return Quote(D(bid), D(ask), D(size))


async def order(
    db: AsyncSession, account: PaperAccount, side: Side, quantity: str, at: Quote, **more
) -> PaperOrder:
    symbol = more.pop("symbol", "ACME")
    return await service.place_order(
        db, account, symbol=symbol, side=side, quantity=D(quantity), quote=at, at=NOW, **more
    )


async def held(db: AsyncSession, symbol: str = "ACME") -> Position:
    return (await db.scalars(select(Position).where(Position.symbol == symbol))).one()


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("market", MARKETS, ids=MARKET_IDS)
@pytest.mark.parametrize("lots", [1, 2, 3])
async def test_market_buy_costs_value_and_taker_fee(
    db: AsyncSession, make_account: MakeAccount, plan: Plan, market: tuple[str, ...], lots: int
) -> None:
    symbol, _, _, bid, ask, quantity = market
    account = await make_account()
    placed = await order(
        db, account, Side.BUY, str(D(quantity) * lots), quote(bid, ask), symbol=symbol, plan=plan
    )
    value = D(quantity) * lots * D(ask)
    fee = max(round(value * TAKER_POINTS[plan] / 10_000, 2), D("0.10"))
    assert placed.status == "filled"
    assert placed.trades[0].fee == fee
    assert account.cash == D(100_000) - value - fee


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("market", MARKETS, ids=MARKET_IDS)
async def test_limit_orders_pay_the_maker_fee(
    db: AsyncSession, make_account: MakeAccount, plan: Plan, market: tuple[str, ...]
) -> None:
    symbol, _, _, bid, ask, quantity = market
    account = await make_account()
    placed = await order(
        db, account, Side.BUY, quantity, quote(bid, ask), symbol=symbol, plan=plan, limit_price=D(ask)
    )
    expected = round(D(quantity) * D(ask) * MAKER_POINTS[plan] / 10_000, 2)
    assert placed.trades[0].fee == (max(expected, D("0.10")) if expected else 0)


@pytest.mark.parametrize("ticks", [-20, -5, -1, 0, 1, 5, 20])
@pytest.mark.parametrize("market", MARKETS, ids=MARKET_IDS)
@pytest.mark.parametrize("lots", [1, 4])
async def test_limit_buy_fills_at_the_ask_or_waits(
    db: AsyncSession, make_account: MakeAccount, ticks: int, market: tuple[str, ...], lots: int
) -> None:
    symbol, tick, lot, bid, ask, _ = market
    account = await make_account()
    limit = D(ask) + D(tick) * ticks
    quantity = str(D(lot) * lots)
    placed = await order(db, account, Side.BUY, quantity, quote(bid, ask), symbol=symbol, limit_price=limit)
    assert placed.limit_price == limit
    if ticks >= 0:
        assert (placed.status, placed.trades[0].price) == ("filled", D(ask))
    else:
        assert (placed.status, placed.trades, account.cash) == ("open", [], D(100_000))


@pytest.mark.parametrize("ticks", [-20, -5, -1, 0, 1, 5, 20])
@pytest.mark.parametrize("market", MARKETS, ids=MARKET_IDS)
async def test_limit_sell_fills_at_the_bid_or_waits(
    db: AsyncSession, make_account: MakeAccount, ticks: int, market: tuple[str, ...]
) -> None:
    symbol, tick, _, bid, ask, quantity = market
    account = await make_account()
    await order(db, account, Side.BUY, quantity, quote(bid, ask), symbol=symbol)
    limit = D(bid) + D(tick) * ticks
    placed = await order(db, account, Side.SELL, quantity, quote(bid, ask), symbol=symbol, limit_price=limit)
    position = await held(db, symbol)
    if ticks <= 0:
        assert (placed.status, placed.trades[0].price, position.quantity) == ("filled", D(bid), 0)
    else:
        assert (placed.status, position.quantity) == ("open", D(quantity))


@pytest.mark.parametrize("wanted", ["1", "5", "10", "25", "60"])
@pytest.mark.parametrize("size", ["0", "1", "5", "9", "25", "100"])
@pytest.mark.parametrize("limited", [False, True], ids=["market", "limit"])
async def test_fill_is_cut_to_the_quoted_size(
    db: AsyncSession, make_account: MakeAccount, wanted: str, size: str, limited: bool
) -> None:
    account = await make_account()
    limit = D("101") if limited else None
    placed = await order(db, account, Side.BUY, wanted, quote(size=size), limit_price=limit)
    executed = sum((trade.quantity for trade in placed.trades), D(0))
    assert executed == min(D(wanted), D(size))
    assert placed.status == ("open" if executed == 0 else "filled" if executed == D(wanted) else "partial")


@pytest.mark.parametrize("bought", ["5", "20", "80"])
@pytest.mark.parametrize("sold", ["1", "5", "6", "20", "21", "80", "81"])
async def test_nothing_is_sold_that_is_not_held(
    db: AsyncSession, make_account: MakeAccount, bought: str, sold: str
) -> None:
    account = await make_account()
    await order(db, account, Side.BUY, bought, quote())
    if int(sold) > int(bought):
        with pytest.raises(Conflict, match=f"only {bought} ACME held"):
            await order(db, account, Side.SELL, sold, quote())
    else:
        await order(db, account, Side.SELL, sold, quote())
        assert (await held(db)).quantity == int(bought) - int(sold)


@pytest.mark.parametrize(
    ("symbol", "quantity"),
    [
        ("ACME", "0"), ("ACME", "-1"), ("ACME", "0.5"), ("ACME", "10.01"),
        ("BOLT", "0"), ("BOLT", "5"), ("BOLT", "11"), ("BOLT", "-10"),
        ("CRUX", "999"), ("CRUX", "1001"), ("CRUX", "0.1"),
        ("BTC-USD", "0.00005"), ("BTC-USD", "-0.1"), ("BTC-USD", "0.00011"),
        ("ETH-USD", "0.0005"), ("ETH-USD", "1.0001"),
        ("XAU-USD", "0.005"), ("XAU-USD", "-2"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("side", Side)
async def test_quantity_must_be_whole_lots(
    db: AsyncSession, make_account: MakeAccount, symbol: str, quantity: str, side: Side
) -> None:
    account = await make_account()
    with pytest.raises(Invalid, match="quantity must be a positive multiple of"):
        await order(db, account, side, quantity, quote(), symbol=symbol)
    assert (await db.scalars(select(PaperOrder))).all() == []


@pytest.mark.parametrize("first", [("10", "100"), ("25", "80"), ("40", "120.5"), ("3", "99.99")])
@pytest.mark.parametrize("second", [("10", "110"), ("75", "60"), ("1", "500"), ("12", "100.01")])
async def test_position_averages_its_purchases(
    db: AsyncSession, make_account: MakeAccount, first: tuple[str, str], second: tuple[str, str]
) -> None:
    account = await make_account()
    for quantity, ask in (first, second):
        await order(db, account, Side.BUY, quantity, quote("1", ask))
    quantity = D(first[0]) + D(second[0])
    paid = D(first[0]) * D(first[1]) + D(second[0]) * D(second[1])
    position = await held(db)
    assert position.quantity == quantity
    assert abs(position.average_price - paid / quantity) < D("0.000001")


@pytest.mark.parametrize("bought_at", ["50", "80", "100", "125.5"])
@pytest.mark.parametrize("sold_at", ["40", "80", "100", "160.25"])
@pytest.mark.parametrize("sold", ["1", "10", "20"])
async def test_selling_realises_the_difference(
    db: AsyncSession, make_account: MakeAccount, bought_at: str, sold_at: str, sold: str
) -> None:
    account = await make_account()
    await order(db, account, Side.BUY, "20", quote("1", bought_at))
    await order(db, account, Side.SELL, sold, quote(sold_at, "900"))
    position = await held(db)
    assert position.realised == (D(sold_at) - D(bought_at)) * D(sold)
    assert position.quantity == 20 - D(sold)


@pytest.mark.parametrize("cash", ["100", "1000", "5000"])
@pytest.mark.parametrize("quantity", ["1", "9", "10", "49", "50"])
async def test_orders_beyond_the_cash_are_refused(
    db: AsyncSession, make_account: MakeAccount, cash: str, quantity: str
) -> None:
    account = await make_account(cash)
    value = D(quantity) * 100
    cost = value + max(round(value * 30 / 10_000, 2), D("0.10"))
    if cost > D(cash):
        with pytest.raises(Conflict, match="the account lacks"):
            await order(db, account, Side.BUY, quantity, quote("99", "100"))
        assert account.cash == D(cash)
    else:
        await order(db, account, Side.BUY, quantity, quote("99", "100"))
        assert account.cash == D(cash) - cost


@pytest.mark.parametrize("size", ["0", "4", "10"])
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
async def test_only_unfinished_orders_can_be_cancelled(
    db: AsyncSession, make_account: MakeAccount, size: str, twice: bool
) -> None:
    account = await make_account()
    placed = await order(db, account, Side.BUY, "10", quote(size=size))
    if placed.status == "filled":
        with pytest.raises(Conflict, match="the order is filled"):
            await service.cancel_order(db, placed.id)
        return
    assert (await service.cancel_order(db, placed.id)).status == "cancelled"
    if twice:
        with pytest.raises(Conflict, match="the order is cancelled"):
            await service.cancel_order(db, placed.id)


@pytest.mark.parametrize("acme", ["0", "10", "40"])
@pytest.mark.parametrize("gold", ["0", "0.5", "3"])
@pytest.mark.parametrize("prices", [{}, {"ACME": D("120")}, {"ACME": D("90"), "XAU-USD": D("2500")}], ids=len)
async def test_equity_is_cash_and_positions(
    db: AsyncSession, make_account: MakeAccount, acme: str, gold: str, prices: dict[str, Decimal]
) -> None:
    account = await make_account()
    bought = {"ACME": (D(acme), D("100")), "XAU-USD": (D(gold), D("2300"))}
    for symbol, (quantity, ask) in bought.items():
        if quantity:
            await order(
                db, account, Side.BUY, str(quantity), quote("1", str(ask)), symbol=symbol, plan=Plan.DESK
            )
    worth = sum(quantity * prices.get(symbol, ask) for symbol, (quantity, ask) in bought.items())
    assert await service.equity(db, account, prices) == account.cash + worth


@pytest.mark.parametrize("limit", ["100.004", "100.005", "100.019", "99.991", "100"])
@pytest.mark.parametrize(("symbol", "tick"), [("ACME", "0.01"), ("BOLT", "0.05"), ("XAU-USD", "0.10")])
async def test_limit_prices_are_stored_in_ticks(
    db: AsyncSession, make_account: MakeAccount, limit: str, symbol: str, tick: str
) -> None:
    account = await make_account()
    placed = await order(
        db, account, Side.BUY, "10", quote("500", "501"), symbol=symbol, limit_price=D(limit)
    )
    assert placed.limit_price % D(tick) == 0
    assert abs(placed.limit_price - D(limit)) <= D(tick) / 2


@pytest.mark.parametrize("fills", [1, 2, 3, 5])
@pytest.mark.parametrize("side", Side)
async def test_every_fill_is_a_trade_of_its_order(
    db: AsyncSession, make_account: MakeAccount, fills: int, side: Side
) -> None:
    account = await make_account()
    if side is Side.SELL:
        await order(db, account, Side.BUY, "50", quote())
    before = len((await db.scalars(select(PaperTrade))).all())
    orders = [await order(db, account, side, "10", quote()) for _ in range(fills)]
    trades = (await db.scalars(select(PaperTrade).order_by(PaperTrade.id))).all()[before:]
    assert [trade.order_id for trade in trades] == [placed.id for placed in orders]
    assert {trade.price for trade in trades} == {D("101") if side is Side.BUY else D("99")}
