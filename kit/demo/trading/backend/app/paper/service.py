"""Placing orders on paper and keeping the books."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.core.money import round_to_tick
from backend.app.paper.fees import fee
from backend.app.paper.fills import Fill, Holding, Kind, Quote, Side, apply_fill, match
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade, Position
from backend.app.paper.sizing import instrument
from backend.app.quotas.plans import Plan
from backend.app.users.models import User

OPENING_CASH = Decimal(100_000)
MAXIMUM_ACCOUNTS = 5


async def open_account(
    session: AsyncSession, owner_id: int, name: str, *, cash: Decimal = OPENING_CASH
) -> PaperAccount:
    owner = await session.get(User, owner_id)
    if owner is None or not owner.is_active:
        raise NotFound(f"no active account {owner_id}")
    if cash <= 0:
        raise Invalid("a paper account opens with cash")
    existing = list(await session.scalars(select(PaperAccount.name).where(PaperAccount.owner_id == owner_id)))
    if name in existing:
        raise Conflict(f"there is a paper account called {name!r}")
    if len(existing) >= MAXIMUM_ACCOUNTS:
        raise Conflict(f"at most {MAXIMUM_ACCOUNTS} paper accounts")
    account = PaperAccount(owner_id=owner_id, name=name, cash=cash)
    session.add(account)
    await session.commit()
    return account


async def place_order(
    session: AsyncSession,
    account: PaperAccount,
    *,
    symbol: str,
    side: Side,
    quantity: Decimal,
    quote: Quote,
    plan: Plan = Plan.FREE,
    limit_price: Decimal | None = None,
    at: datetime,
) -> PaperOrder:
    """Record an order and execute at once what the quote allows; the rest stays open.

    A limit price is rounded to the instrument's tick. Buying needs the cash for the part that executes,
    selling needs the position: paper accounts cannot go short.
    """
    target = instrument(symbol)
    kind = Kind.MARKET if limit_price is None else Kind.LIMIT
    if quantity <= 0 or quantity % target.lot:
        raise Invalid(f"quantity must be a positive multiple of {target.lot}")
    if limit_price is not None:
        limit_price = round_to_tick(limit_price, target.tick)
    fill = match(side, kind, quantity, quote, limit_price)
    position = await _position(session, account, target.symbol)
    if side is Side.SELL and quantity > position.quantity:
        raise Conflict(f"only {position.quantity.normalize():f} {target.symbol} held")
    trades, status = [], "open"
    if fill is not None:
        trades.append(_settle(account, position, side, fill, plan, taker=kind is Kind.MARKET, at=at))
        status = "filled" if fill.quantity == quantity else "partial"
    order = PaperOrder(
        account_id=account.id,
        symbol=target.symbol,
        side=side,
        kind=kind,
        quantity=quantity,
        limit_price=limit_price,
        status=status,
        placed_at=at,
        trades=trades,
    )
    session.add_all([order, position, account])
    await session.commit()
    return order


async def cancel_order(session: AsyncSession, order_id: int) -> PaperOrder:
    order = await session.get(PaperOrder, order_id)
    if order is None:
        raise NotFound(f"no order {order_id}")
    if order.status in {"filled", "cancelled"}:
        raise Conflict(f"the order is {order.status}")
    order.status = "cancelled"
    await session.commit()
    return order


async def equity(session: AsyncSession, account: PaperAccount, prices: dict[str, Decimal]) -> Decimal:
    """Cash and positions at those prices; a position without a price counts at its average."""
    held = await session.scalars(select(Position).where(Position.account_id == account.id))
    return account.cash + sum(
        (entry.quantity * prices.get(entry.symbol, entry.average_price) for entry in held), Decimal(0)
    )


async def _position(session: AsyncSession, account: PaperAccount, symbol: str) -> Position:
    found = await session.scalar(
        select(Position).where(Position.account_id == account.id, Position.symbol == symbol)
    )
    zero = Decimal(0)
    return found or Position(
        account_id=account.id, symbol=symbol, quantity=zero, average_price=zero, realised=zero
    )


def _settle(
    account: PaperAccount,
    position: Position,
    side: Side,
    fill: Fill,
    plan: Plan,
    *,
    taker: bool,
    at: datetime,
) -> PaperTrade:
    value = fill.quantity * fill.price
    charged = fee(value, plan, taker=taker)
    cash = account.cash - value * side.sign - charged
    if cash < 0:
        raise Conflict(f"the account lacks {-cash:.2f} in cash")
    after = apply_fill(Holding(position.quantity, position.average_price, position.realised), side, fill)
    account.cash = cash
    position.quantity, position.average_price = after.quantity, after.average_price
    position.realised = after.realised
    return PaperTrade(quantity=fill.quantity, price=fill.price, fee=charged, executed_at=at)
