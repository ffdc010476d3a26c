"""Making profit and loss reports from what is stored."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.clock import start_of_day
from backend.app.core.errors import NotFound
from backend.app.paper.fills import Side
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade
from backend.app.reports.models import ReportRun
from backend.app.reports.pnl import TradeLine, summarise
from backend.app.reports.ranges import DateRange, Preset, resolve

from ..users.models import User


async def trades_of(session: AsyncSession, user_id: int, span: DateRange) -> list[TradeLine]:
    """The account's executions in a range of days, oldest first."""
    rows = await session.execute(
        select(PaperOrder.symbol, PaperOrder.side, PaperTrade.quantity, PaperTrade.price, PaperTrade.fee)
        .join(PaperTrade, PaperTrade.order_id == PaperOrder.id)
        .join(PaperAccount, PaperAccount.id == PaperOrder.account_id)
        .where(
            PaperAccount.owner_id == user_id,
            PaperTrade.executed_at >= start_of_day(span.first),
            PaperTrade.executed_at < start_of_day(span.last + timedelta(days=1)),
        )
        .order_by(PaperTrade.executed_at, PaperTrade.id)
    )
    return [
        TradeLine(symbol, Side(side), quantity, price, fee) for symbol, side, quantity, price, fee in rows
    ]


async def run_report(session: AsyncSession, user_id: int, preset: Preset, *, today: date) -> ReportRun:
    """Make and keep a report. Raises NotFound, or Invalid when the trades do not add up."""
    if await session.get(User, user_id) is None:
        raise NotFound(f"no account {user_id}")
    span = resolve(preset, today)
    trades = await trades_of(session, user_id, span)
    report = ReportRun(
        user_id=user_id,
        preset=preset,
        first_day=span.first,
        last_day=span.last,
        trades=len(trades),
        net=summarise(trades).net,
    )
    session.add(report)
    await session.commit()
    return report


async def latest(session: AsyncSession, user_id: int, preset: Preset) -> ReportRun:
    found = await session.scalar(
        select(ReportRun)
        .where(ReportRun.user_id == user_id, ReportRun.preset == preset)
        .order_by(ReportRun.made_at.desc(), ReportRun.id.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(f"no {preset} report yet")
    return found
