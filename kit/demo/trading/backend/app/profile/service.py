"""Profiles and subscriptions in the database."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.profile.billing import Cycle, price, proration, renewal
from backend.app.profile.models import Profile, Subscription
from backend.app.quotas.plans import Plan
from backend.app.users.models import User


async def edit_profile(
    session: AsyncSession, user_id: int, *, bio: str, country: str, is_public: bool
) -> Profile:
    """Change the profile, which is made when it is missing. Links are not allowed in a public one."""
    if is_public and "://" in bio:
        raise Invalid("a public profile may not contain links")
    if await session.get(User, user_id) is None:
        raise NotFound(f"no account {user_id}")
    profile = await session.scalar(select(Profile).where(Profile.user_id == user_id))
    if profile is None:
        profile = Profile(user_id=user_id)
        session.add(profile)
    profile.bio, profile.country, profile.is_public = bio.strip(), country.upper(), is_public
    await session.commit()
    return profile


async def active_subscription(session: AsyncSession, user_id: int, *, on: date) -> Subscription | None:
    """The subscription that covers a day; a cancelled one runs to the end of its cycle."""
    return await session.scalar(
        select(Subscription)
        .where(Subscription.user_id == user_id, Subscription.started_on <= on, Subscription.renews_on > on)
        .order_by(Subscription.started_on.desc())
        .limit(1)
    )


async def subscribe(
    session: AsyncSession, user_id: int, plan: Plan, *, cycle: Cycle = Cycle.MONTHLY, on: date
) -> Subscription:
    if plan is Plan.FREE:
        raise Invalid("the free plan needs no subscription")
    if await active_subscription(session, user_id, on=on) is not None:
        raise Conflict("there is an active subscription")
    subscription = Subscription(
        user_id=user_id, plan=plan, price=price(plan, cycle), started_on=on, renews_on=renewal(on, cycle)
    )
    session.add(subscription)
    await session.commit()
    return subscription


async def change_plan(session: AsyncSession, user_id: int, plan: Plan, *, on: date) -> Decimal:
    """Move the active subscription to another plan; what that costs now (negative: a credit)."""
    subscription = await active_subscription(session, user_id, on=on)
    if subscription is None:
        raise NotFound("there is no active subscription")
    if subscription.plan == plan:
        raise Conflict(f"the plan is {plan} already")
    due = proration(
        Plan(subscription.plan),
        plan,
        started_on=subscription.started_on,
        renews_on=subscription.renews_on,
        changed_on=on,
    )
    subscription.plan, subscription.price = plan, price(plan)
    await session.commit()
    return due


async def cancel(session: AsyncSession, user_id: int, *, on: date) -> date:
    """Cancel the active subscription; the day it ends on."""
    subscription = await active_subscription(session, user_id, on=on)
    if subscription is None:
        raise NotFound("there is no active subscription")
    if subscription.cancelled_on is not None:
        raise Conflict("the subscription is cancelled already")
    subscription.cancelled_on = on
    await session.commit()
    return subscription.renews_on


async def renew_due(session: AsyncSession, *, on: date) -> int:
    """Renew what is due and not cancelled by a month; how many subscriptions."""
    due = await session.scalars(
        select(Subscription).where(Subscription.renews_on <= on, Subscription.cancelled_on.is_(None))
    )
    renewed = 0
    for subscription in due:
        while subscription.renews_on <= on:
            subscription.started_on = subscription.renews_on
            subscription.renews_on = renewal(subscription.started_on, Cycle.MONTHLY)
        renewed += 1
    await session.commit()
    return renewed
