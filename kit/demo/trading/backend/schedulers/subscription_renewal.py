"""Renewing subscriptions, and reminding of renewals."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.profile.models import Subscription
from backend.app.profile.service import renew_due
from backend.app.users.models import User

REMIND_DAYS = 3


async def reminders(session: AsyncSession, *, today: date) -> list[str]:
    """Addresses whose subscription renews within three days."""
    found = await session.scalars(
        select(User.email)
        .join(Subscription, Subscription.user_id == User.id)
        .where(
            Subscription.cancelled_on.is_(None),
            Subscription.renews_on > today,
            Subscription.renews_on <= today + timedelta(days=REMIND_DAYS),
        )
        .order_by(User.email)
    )
    return list(found)


async def run(session: AsyncSession, *, today: date) -> tuple[int, list[str]]:
    """Renew what is due and tell whom to remind."""
    renewed = await renew_due(session, on=today)
    return renewed, await reminders(session, today=today)
