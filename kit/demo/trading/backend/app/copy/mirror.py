"""Copying a leader's fills to the followers' paper accounts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.copy.follows import CopyFollow
from backend.app.copy.ratios import plan_copy, share
from backend.app.core.errors import NotFound
from backend.app.paper.models import PaperAccount
from backend.app.paper.sizing import instrument


async def mirror_trade(session: AsyncSession, trade_id: int, leader_account: PaperAccount) -> int:
    """Record the copies of one of the leader's trades; how many were made."""
    # Only the mirroring process needs these tables.
    from backend.app.copy.models import MirroredFill, PaperTrade

    trade = await session.get(PaperTrade, trade_id)
    if trade is None:
        raise NotFound(f"no trade {trade_id}")
    follows = await session.scalars(
        select(CopyFollow).where(
            CopyFollow.leader_id == leader_account.owner_id, CopyFollow.paused.is_(False)
        )
    )
    copies = []
    for follow in follows:
        ratio = share(follow.capital, leader_account.cash, follow.multiplier)
        target = instrument(trade.order.symbol)
        plan = plan_copy(target, trade.quantity, ratio, price=trade.price, cash=follow.capital)
        if plan.quantity > 0:
            copies.append(MirroredFill(source_id=trade.id, follow_id=follow.id, quantity=plan.quantity))
    session.add_all(copies)
    await session.commit()
    return len(copies)
