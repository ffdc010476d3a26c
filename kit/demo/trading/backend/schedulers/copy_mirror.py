"""The mirroring process: `python -m backend.schedulers.copy_mirror`."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.copy.mirror import mirror_trade
from backend.app.copy.models import MirroredFill, PaperTrade
from backend.app.core.database import make_engine, make_sessions
from backend.app.core.settings import get_settings
from backend.app.paper.models import PaperAccount, PaperOrder


async def mirror_new_trades(session: AsyncSession) -> int:
    """Mirror every trade after the last one that was mirrored; how many copies that made."""
    last = await session.scalar(select(func.max(MirroredFill.source_id))) or 0
    rows = await session.execute(
        select(PaperTrade.id, PaperAccount)
        .join(PaperOrder, PaperOrder.id == PaperTrade.order_id)
        .join(PaperAccount, PaperAccount.id == PaperOrder.account_id)
        .where(PaperTrade.id > last)
        .order_by(PaperTrade.id)
    )
    return sum([await mirror_trade(session, trade_id, account) for trade_id, account in rows.all()])


async def main() -> None:
    engine = make_engine(get_settings().database_url)
    async with make_sessions(engine)() as session:
        await mirror_new_trades(session)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
