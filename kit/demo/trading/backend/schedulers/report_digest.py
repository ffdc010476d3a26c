"""The daily digest by mail."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.clock import previous_trading_day
from backend.app.core.permissions import Role
from backend.app.reports.pnl import summarise
from backend.app.reports.ranges import DateRange
from backend.app.reports.service import trades_of
from backend.app.users.models import User


def subject_line(name: str, day: date, trades: int, net: str) -> str:
    """One line; a quiet day says so."""
    if trades == 0:
        return f"{name}, no trades on {day:%d %b}"
    return f"{name}, {trades} trade{'s' if trades > 1 else ''} on {day:%d %b}: {net} USD"


async def digests(session: AsyncSession, *, today: date) -> dict[str, str]:
    """Subject lines by address, for active traders, on the trading day before."""
    day = previous_trading_day(today)
    traders = await session.scalars(
        select(User).where(User.role == Role.TRADER, User.is_active).order_by(User.email)
    )
    mails = {}
    for trader in traders:
        trades = await trades_of(session, trader.id, DateRange(day, day))
        mails[trader.email] = subject_line(
            trader.display_name, day, len(trades), f"{summarise(trades).net:+.2f}"
        )
    return mails
