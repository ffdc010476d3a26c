"""Counting usage against plans."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Invalid, NotFound, QuotaExceeded
from backend.app.quotas.models import QuotaOverride, QuotaUsage
from backend.app.quotas.plans import Operation, Plan, limit_for
from backend.app.quotas.windows import Window, refusal, window_at

from ..users.models import User


async def current_limit(session: AsyncSession, user_id: int, plan: Plan, operation: Operation) -> int | None:
    """The account's own limit when support set one, else the plan's; None means without limit."""
    override = await session.scalar(
        select(QuotaOverride.limit).where(
            QuotaOverride.user_id == user_id, QuotaOverride.operation == operation
        )
    )
    return limit_for(plan, operation) if override is None else override


async def usage(
    session: AsyncSession, user_id: int, operation: Operation, *, at: datetime, window: Window = Window.DAY
) -> QuotaUsage | None:
    return await session.scalar(
        select(QuotaUsage).where(
            QuotaUsage.user_id == user_id,
            QuotaUsage.operation == operation,
            QuotaUsage.window_start == window_at(window, at).start,
        )
    )


async def consume(
    session: AsyncSession,
    user_id: int,
    plan: Plan,
    operation: Operation,
    *,
    at: datetime,
    amount: int = 1,
    window: Window = Window.DAY,
) -> int:
    """Count an operation; the number used in this window. Raises QuotaExceeded and then counts nothing."""
    if amount < 1:
        raise Invalid("an operation counts at least once")
    if await session.get(User, user_id) is None:
        raise NotFound(f"no account {user_id}")
    limit = await current_limit(session, user_id, plan, operation)
    counted = await usage(session, user_id, operation, at=at, window=window)
    if counted is None:
        counted = QuotaUsage(
            user_id=user_id, operation=operation, window_start=window_at(window, at).start, used=0
        )
    if limit is not None and counted.used + amount > limit:
        raise QuotaExceeded(refusal(operation, plan, window, at))
    counted.used += amount
    session.add(counted)
    await session.commit()
    return counted.used


async def override(
    session: AsyncSession, user_id: int, operation: Operation, limit: int, *, reason: str
) -> QuotaOverride:
    if limit < 0:
        raise Invalid("a limit cannot be negative")
    entry = await session.scalar(
        select(QuotaOverride).where(QuotaOverride.user_id == user_id, QuotaOverride.operation == operation)
    )
    if entry is None:
        entry = QuotaOverride(user_id=user_id, operation=operation)
        session.add(entry)
    entry.limit, entry.reason = limit, reason
    await session.commit()
    return entry


async def forget_before(session: AsyncSession, moment: datetime) -> int:
    """Drop usage of windows that started before a moment; how many rows went."""
    forgotten = await session.scalars(
        delete(QuotaUsage).where(QuotaUsage.window_start < moment).returning(QuotaUsage.id)
    )
    count = len(forgotten.all())
    await session.commit()
    return count
