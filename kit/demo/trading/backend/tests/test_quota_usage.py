"""Counting usage against plans, overrides and windows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Invalid, NotFound, QuotaExceeded
from backend.app.quotas import service
from backend.app.quotas.models import QuotaUsage
from backend.app.quotas.plans import Operation, Plan
from backend.app.quotas.windows import Window
from backend.schedulers import quota_reset
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio

ORDERS = {Plan.FREE: 20, Plan.STARTER: 200, Plan.PRO: 2000}
SMALL = {  # plan, operation: the limit, where it is small enough to count up to
    (Plan.FREE, Operation.REPORT): 2,
    (Plan.FREE, Operation.SIGNAL): 5,
    (Plan.FREE, Operation.WALLET_CHECK): 3,
    (Plan.STARTER, Operation.REPORT): 10,
    (Plan.STARTER, Operation.EXPORT): 2,
}
UNLIMITED = [(Plan.DESK, Operation.ORDER), (Plan.DESK, Operation.REPORT), (Plan.DESK, Operation.SIGNAL)]


@pytest.mark.parametrize("plan", ORDERS)
@pytest.mark.parametrize("used_percent", [0, 25, 50, 90, 100])
@pytest.mark.parametrize("amount_percent", [5, 10, 50, 75, 100, 110])
async def test_orders_count_up_to_the_limit(
    db: AsyncSession, trader: User, plan: Plan, used_percent: int, amount_percent: int
) -> None:
    limit = ORDERS[plan]
    used, amount = limit * used_percent // 100, limit * amount_percent // 100
    if used:
        await service.consume(db, trader.id, plan, Operation.ORDER, at=NOW, amount=used)
    if used + amount > limit:
        with pytest.raises(QuotaExceeded):
            await service.consume(db, trader.id, plan, Operation.ORDER, at=NOW, amount=amount)
    else:
        assert (
            await service.consume(db, trader.id, plan, Operation.ORDER, at=NOW, amount=amount)
            == used + amount
        )


@pytest.mark.parametrize(("plan", "operation"), SMALL)
@pytest.mark.parametrize("extra", [1, 2, 7])
async def test_refused_operation_is_not_counted(
    db: AsyncSession, trader: User, plan: Plan, operation: Operation, extra: int
) -> None:
    for _ in range(SMALL[plan, operation]):
        await service.consume(db, trader.id, plan, operation, at=NOW)
    with pytest.raises(QuotaExceeded):
        await service.consume(db, trader.id, plan, operation, at=NOW, amount=extra)
    counted = await service.usage(db, trader.id, operation, at=NOW)
    assert counted is not None
    assert counted.used == SMALL[plan, operation]


@pytest.mark.parametrize(("plan", "operation"), UNLIMITED)
@pytest.mark.parametrize("amount", [1, 1_000, 1_000_000])
async def test_desk_has_operations_without_limit(
    db: AsyncSession, trader: User, plan: Plan, operation: Operation, amount: int
) -> None:
    assert await service.consume(db, trader.id, plan, operation, at=NOW, amount=amount) == amount
    assert await service.consume(db, trader.id, plan, operation, at=NOW, amount=amount) == 2 * amount


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("limit", [0, 1, 10, 500])
@pytest.mark.parametrize("plan", Plan)
async def test_override_replaces_the_limit_of_the_plan(
    db: AsyncSession, trader: User, operation: Operation, limit: int, plan: Plan
) -> None:
    await service.override(db, trader.id, operation, limit, reason="agreed with sales")
    assert await service.current_limit(db, trader.id, plan, operation) == limit
    with pytest.raises(QuotaExceeded):
        await service.consume(db, trader.id, plan, operation, at=NOW, amount=limit + 1)


@pytest.mark.parametrize("first", [0, 5, 50])
@pytest.mark.parametrize("second", [0, 7, 70])
@pytest.mark.parametrize("operation", Operation)
async def test_later_override_replaces_the_earlier(
    db: AsyncSession, trader: User, first: int, second: int, operation: Operation
) -> None:
    for limit in (first, second):
        await service.override(db, trader.id, operation, limit, reason="trial period")
    assert await service.current_limit(db, trader.id, Plan.FREE, operation) == second


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("limit", [-1, -100])
async def test_negative_override_is_invalid(
    db: AsyncSession, trader: User, operation: Operation, limit: int
) -> None:
    with pytest.raises(Invalid, match="cannot be negative"):
        await service.override(db, trader.id, operation, limit, reason="typing error")


@pytest.mark.parametrize(
    ("window", "later", "same"),
    [
        (Window.HOUR, timedelta(minutes=29), True),
        (Window.HOUR, timedelta(minutes=30), False),
        (Window.HOUR, timedelta(minutes=-30), True),
        (Window.HOUR, timedelta(minutes=-31), False),
        (Window.DAY, timedelta(hours=13, minutes=29), True),
        (Window.DAY, timedelta(hours=13, minutes=30), False),
        (Window.DAY, timedelta(hours=-10, minutes=-30), True),
        (Window.DAY, timedelta(hours=-10, minutes=-31), False),
        (Window.WEEK, timedelta(days=4), True),
        (Window.WEEK, timedelta(days=5), False),
        (Window.WEEK, timedelta(days=-2), True),
        (Window.WEEK, timedelta(days=-3), False),
        (Window.MONTH, timedelta(days=27), True),
        (Window.MONTH, timedelta(days=28), False),
        (Window.MONTH, timedelta(days=-3), True),
        (Window.MONTH, timedelta(days=-4), False),
    ],
)
@pytest.mark.parametrize("operation", Operation)
async def test_each_window_counts_for_itself(
    db: AsyncSession, trader: User, window: Window, later: timedelta, same: bool, operation: Operation
) -> None:
    await service.consume(db, trader.id, Plan.DESK, operation, at=NOW, amount=3, window=window)
    used = await service.consume(db, trader.id, Plan.DESK, operation, at=NOW + later, amount=4, window=window)
    assert used == (7 if same else 4)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("other", Operation)
async def test_operations_are_counted_apart(
    db: AsyncSession, trader: User, operation: Operation, other: Operation
) -> None:
    await service.consume(db, trader.id, Plan.DESK, operation, at=NOW, amount=2)
    used = await service.consume(db, trader.id, Plan.DESK, other, at=NOW)
    assert used == (3 if operation is other else 1)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("plan", Plan)
async def test_accounts_are_counted_apart(
    db: AsyncSession, make_user: MakeUser, operation: Operation, plan: Plan
) -> None:
    first, second = await make_user("Ada"), await make_user("Bob")
    await service.override(db, first.id, operation, 1, reason="misuse")
    await service.override(db, second.id, operation, 1, reason="misuse")
    assert await service.consume(db, first.id, plan, operation, at=NOW) == 1
    assert await service.consume(db, second.id, plan, operation, at=NOW) == 1


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("operation", Operation)
async def test_an_operation_counts_at_least_once(
    db: AsyncSession, trader: User, amount: int, operation: Operation
) -> None:
    with pytest.raises(Invalid, match="at least once"):
        await service.consume(db, trader.id, Plan.PRO, operation, at=NOW, amount=amount)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("plan", Plan)
async def test_unknown_account_has_no_quota(db: AsyncSession, operation: Operation, plan: Plan) -> None:
    with pytest.raises(NotFound, match="no account 404"):
        await service.consume(db, 404, plan, operation, at=NOW)


@pytest.mark.parametrize("age_days", [0, 1, 30, 34, 36, 90, 400])
@pytest.mark.parametrize("operation", Operation)
async def test_reset_forgets_usage_older_than_any_window(
    db: AsyncSession, trader: User, age_days: int, operation: Operation
) -> None:
    for days in (0, age_days):
        await service.consume(db, trader.id, Plan.DESK, operation, at=NOW - timedelta(days=days))
    assert await quota_reset.reset(db, now=NOW) == (1 if age_days > 35 else 0)
    left = (await db.scalars(select(QuotaUsage.window_start).order_by(QuotaUsage.window_start.desc()))).all()
    assert left[0] == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize("plan", ORDERS)
@pytest.mark.parametrize("percent", [5, 50, 75, 80, 95, 100])
@pytest.mark.parametrize("active", [True, False], ids=["active", "suspended"])
async def test_warnings_start_at_eighty_percent(
    db: AsyncSession, make_user: MakeUser, plan: Plan, percent: int, active: bool
) -> None:
    user = await make_user("Ada", active=active)
    await service.consume(db, user.id, plan, Operation.ORDER, at=NOW, amount=ORDERS[plan] * percent // 100)
    expected = [("ada@example.com", "order", percent)] if active and percent >= 80 else []
    assert await quota_reset.warnings(db, plan, now=NOW) == expected
