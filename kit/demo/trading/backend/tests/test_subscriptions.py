"""Subscribing, changing plans, cancelling, renewing; and profiles."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.profile import service
from backend.app.profile.billing import Cycle
from backend.app.profile.models import Profile, Subscription
from backend.app.quotas.plans import Plan
from backend.schedulers import subscription_renewal
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio

PAID = [Plan.STARTER, Plan.PRO, Plan.DESK]
PRICES = {Plan.FREE: Decimal(0), Plan.STARTER: Decimal(9), Plan.PRO: Decimal(39), Plan.DESK: Decimal(149)}
NEXT_MONTH = {
    date(2026, 1, 1): date(2026, 2, 1),
    date(2026, 1, 31): date(2026, 2, 28),
    date(2024, 1, 31): date(2024, 2, 29),
    date(2026, 2, 28): date(2026, 3, 28),
    date(2026, 3, 31): date(2026, 4, 30),
    date(2026, 8, 30): date(2026, 9, 30),
    date(2026, 12, 15): date(2027, 1, 15),
    date(2026, 12, 31): date(2027, 1, 31),
}
START = date(2026, 4, 1)  # a cycle of thirty days


@pytest.mark.parametrize("plan", PAID)
@pytest.mark.parametrize("day", NEXT_MONTH, ids=str)
async def test_monthly_subscription_runs_for_a_month(
    db: AsyncSession, trader: User, plan: Plan, day: date
) -> None:
    made = await service.subscribe(db, trader.id, plan, on=day)
    assert (made.plan, made.price, made.renews_on) == (plan, PRICES[plan], NEXT_MONTH[day])


@pytest.mark.parametrize("plan", PAID)
@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31), date(2026, 7, 4)], ids=str
)
async def test_yearly_subscription_costs_ten_months(
    db: AsyncSession, trader: User, plan: Plan, day: date
) -> None:
    made = await service.subscribe(db, trader.id, plan, cycle=Cycle.YEARLY, on=day)
    assert made.price == PRICES[plan] * 10
    assert made.renews_on.year == day.year + 1
    assert (made.renews_on.month, made.renews_on.day) == (day.month, 28 if day.month == 2 else day.day)


@pytest.mark.parametrize("day", NEXT_MONTH, ids=str)
@pytest.mark.parametrize("cycle", Cycle)
async def test_free_plan_needs_no_subscription(
    db: AsyncSession, trader: User, day: date, cycle: Cycle
) -> None:
    with pytest.raises(Invalid, match="free plan"):
        await service.subscribe(db, trader.id, Plan.FREE, cycle=cycle, on=day)
    assert await service.active_subscription(db, trader.id, on=day) is None


@pytest.mark.parametrize("plan", PAID)
@pytest.mark.parametrize("second", PAID)
@pytest.mark.parametrize("after", [0, 1, 15, 29, 30, 45])
async def test_one_subscription_at_a_time(
    db: AsyncSession, trader: User, plan: Plan, second: Plan, after: int
) -> None:
    await service.subscribe(db, trader.id, plan, on=START)
    day = START + timedelta(days=after)
    if after < 30:
        with pytest.raises(Conflict, match="there is an active subscription"):
            await service.subscribe(db, trader.id, second, on=day)
    else:
        assert (await service.subscribe(db, trader.id, second, on=day)).plan == second


@pytest.mark.parametrize("offset", [-1, 0, 1, 29, 30, 31])
@pytest.mark.parametrize("plan", PAID)
async def test_subscription_covers_its_cycle(db: AsyncSession, trader: User, offset: int, plan: Plan) -> None:
    await service.subscribe(db, trader.id, plan, on=START)
    found = await service.active_subscription(db, trader.id, on=START + timedelta(days=offset))
    assert (found is not None) == (0 <= offset < 30)


@pytest.mark.parametrize("old", PAID)
@pytest.mark.parametrize("new", Plan)
@pytest.mark.parametrize("after", [0, 3, 10, 15, 20, 29])
async def test_change_of_plan_is_prorated(
    db: AsyncSession, trader: User, old: Plan, new: Plan, after: int
) -> None:
    await service.subscribe(db, trader.id, old, on=START)
    day = START + timedelta(days=after)
    if old is new:
        with pytest.raises(Conflict, match=f"the plan is {new} already"):
            await service.change_plan(db, trader.id, new, on=day)
        return
    due = await service.change_plan(db, trader.id, new, on=day)
    assert due == round((PRICES[new] - PRICES[old]) * (30 - after) / 30, 2)
    changed = await service.active_subscription(db, trader.id, on=day)
    assert changed is not None
    assert (changed.plan, changed.price) == (new, PRICES[new])


@pytest.mark.parametrize("plan", PAID)
@pytest.mark.parametrize("after", [0, 7, 29])
@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
async def test_cancelled_subscription_runs_to_its_end(
    db: AsyncSession, trader: User, plan: Plan, after: int, twice: bool
) -> None:
    await service.subscribe(db, trader.id, plan, on=START)
    day = START + timedelta(days=after)
    assert await service.cancel(db, trader.id, on=day) == date(2026, 5, 1)
    assert await service.active_subscription(db, trader.id, on=date(2026, 4, 30)) is not None
    if twice:
        with pytest.raises(Conflict, match="cancelled already"):
            await service.cancel(db, trader.id, on=day)


@pytest.mark.parametrize("action", ["change", "cancel"])
@pytest.mark.parametrize("day", NEXT_MONTH, ids=str)
async def test_nothing_to_change_without_subscription(
    db: AsyncSession, trader: User, action: str, day: date
) -> None:
    with pytest.raises(NotFound, match="no active subscription"):
        if action == "change":
            await service.change_plan(db, trader.id, Plan.PRO, on=day)
        else:
            await service.cancel(db, trader.id, on=day)


@pytest.mark.parametrize(
    ("today", "renews_on"),
    [
        (date(2026, 4, 30), date(2026, 5, 1)),
        (date(2026, 5, 1), date(2026, 6, 1)),
        (date(2026, 5, 31), date(2026, 6, 1)),
        (date(2026, 6, 1), date(2026, 7, 1)),
        (date(2026, 9, 17), date(2026, 10, 1)),
        (date(2027, 4, 1), date(2027, 5, 1)),
    ],
    ids=str,
)
@pytest.mark.parametrize("plan", PAID)
@pytest.mark.parametrize("cancelled", [False, True], ids=["running", "cancelled"])
async def test_due_subscriptions_are_renewed_unless_cancelled(
    db: AsyncSession, trader: User, today: date, renews_on: date, plan: Plan, cancelled: bool
) -> None:
    await service.subscribe(db, trader.id, plan, on=START)
    if cancelled:
        await service.cancel(db, trader.id, on=START)
    due = today >= date(2026, 5, 1) and not cancelled
    assert await service.renew_due(db, on=today) == int(due)
    subscription = (await db.scalars(select(Subscription))).one()
    assert subscription.renews_on == (renews_on if due else date(2026, 5, 1))


@pytest.mark.parametrize("days_before", [-1, 0, 1, 2, 3, 4, 10])
@pytest.mark.parametrize("plan", PAID)
async def test_reminders_go_out_three_days_ahead(
    db: AsyncSession, trader: User, days_before: int, plan: Plan
) -> None:
    await service.subscribe(db, trader.id, plan, on=START)
    today = date(2026, 5, 1) - timedelta(days=days_before)
    expected = ["tess@example.com"] if 1 <= days_before <= 3 else []
    assert await subscription_renewal.reminders(db, today=today) == expected


@pytest.mark.parametrize("subscribers", [0, 1, 3])
@pytest.mark.parametrize("cancelled", [0, 1])
async def test_run_renews_everybody_who_is_due(
    db: AsyncSession, make_user: MakeUser, subscribers: int, cancelled: int
) -> None:
    users = [await make_user(name) for name in ("Ada", "Bob", "Cy")[:subscribers]]
    for user in users:
        await service.subscribe(db, user.id, Plan.PRO, on=START)
    for user in users[:cancelled]:
        await service.cancel(db, user.id, on=START)
    renewed, _ = await subscription_renewal.run(db, today=date(2026, 5, 2))
    assert renewed == max(subscribers - cancelled, 0)


@pytest.mark.parametrize("country", ["de", "US", "fr", "CH"])
@pytest.mark.parametrize("bio", ["", "  Swing trader.  ", "see https://example.com", "ask me://anything"])
@pytest.mark.parametrize("is_public", [False, True], ids=["private", "public"])
async def test_public_profiles_hold_no_links(
    db: AsyncSession, trader: User, country: str, bio: str, is_public: bool
) -> None:
    edit = service.edit_profile(db, trader.id, bio=bio, country=country, is_public=is_public)
    if is_public and "://" in bio:
        with pytest.raises(Invalid, match="may not contain links"):
            await edit
        return
    profile = await edit
    assert (profile.bio, profile.country, profile.is_public) == (bio.strip(), country.upper(), is_public)


@pytest.mark.parametrize("times", [1, 2, 4])
@pytest.mark.parametrize("country", ["DE", "US"])
async def test_there_is_one_profile_for_each_account(
    db: AsyncSession, trader: User, times: int, country: str
) -> None:
    for number in range(times):
        await service.edit_profile(db, trader.id, bio=f"edit {number}", country=country, is_public=False)
    profiles = (await db.scalars(select(Profile))).all()
    assert [profile.bio for profile in profiles] == [f"edit {times - 1}"]
