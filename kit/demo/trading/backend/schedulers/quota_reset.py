"""Forgetting old usage, and warning accounts that are close to a limit."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.quotas.models import QuotaUsage
from backend.app.quotas.plans import Operation, Plan, limit_for
from backend.app.quotas.service import forget_before
from backend.app.quotas.windows import Window, window_at
from backend.app.users.models import User

KEPT = timedelta(days=35)
WARN_PERCENT = 80


async def reset(session: AsyncSession, *, now: datetime) -> int:
    """Drop usage that no window can need any more; how many rows."""
    return await forget_before(session, now - KEPT)


async def warnings(session: AsyncSession, plan: Plan, *, now: datetime) -> list[tuple[str, str, int]]:
    """Address, operation and percent used today, for active accounts above the threshold."""
    rows = await session.execute(
        select(User.email, QuotaUsage.operation, QuotaUsage.used)
        .join(User, User.id == QuotaUsage.user_id)
        .where(QuotaUsage.window_start == window_at(Window.DAY, now).start, User.is_active)
        .order_by(User.email, QuotaUsage.operation)
    )
    found = []
    for email, operation, used in rows:
        limit = limit_for(plan, Operation(operation))
        if limit and used * 100 >= limit * WARN_PERCENT:
            found.append((email, operation, used * 100 // limit))
    return found
