"""Profit and loss reports from stored trades, and the daily digest."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.paper.fills import Side
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade
from backend.app.reports import service
from backend.app.reports.ranges import DateRange, Preset
from backend.app.users.models import User
from backend.schedulers import report_digest
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio
D = Decimal

TODAY = date(2026, 3, 4)
FIRST_DAYS = {
    Preset.TODAY: (date(2026, 3, 4), date(2026, 3, 4)),
    Preset.YESTERDAY: (date(2026, 3, 3), date(2026, 3, 3)),
    Preset.THIS_WEEK: (date(2026, 3, 2), date(2026, 3, 4)),
    Preset.LAST_WEEK: (date(2026, 2, 23), date(2026, 3, 1)),
    Preset.THIS_MONTH: (date(2026, 3, 1), date(2026, 3, 4)),
    Preset.LAST_MONTH: (date(2026, 2, 1), date(2026, 2, 28)),
    Preset.THIS_QUARTER: (date(2026, 1, 1), date(2026, 3, 4)),
    Preset.YEAR_TO_DATE: (date(2026, 1, 1), date(2026, 3, 4)),
}


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


async def trade(
    db: AsyncSession,
    user: User,
    when: datetime,
    side: Side = Side.BUY,
    quantity: str = "1",
    price: str = "100",
) -> None:
    account = PaperAccount(owner_id=user.id, name=f"{when:%j%H}{side}{price}", cash=D(1))
    db.add(account)
    await db.flush()
    order = PaperOrder(
        account_id=account.id, symbol="ACME", side=side, kind="market", quantity=D(quantity), status="filled"
    )
    order.trades = [PaperTrade(quantity=D(quantity), price=D(price), fee=D("0.25"), executed_at=when)]
    db.add(order)
    await db.commit()


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize(
    "day",
    [
        "2025-12-31",
        "2026-01-01",
        "2026-02-01",
        "2026-02-28",
        "2026-03-01",
        "2026-03-03",
        "2026-03-04",
        "2026-03-05",
    ],
)
async def test_report_counts_the_trades_of_its_range(
    db: AsyncSession, make_user: MakeUser, preset: Preset, day: str
) -> None:
    user = await make_user("Ada")
    await trade(db, user, at(date.fromisoformat(day)))
    report = await service.run_report(db, user.id, preset, today=TODAY)
    first, last = FIRST_DAYS[preset]
    assert (report.first_day, report.last_day) == (first, last)
    assert report.trades == int(first <= date.fromisoformat(day) <= last)


@pytest.mark.parametrize("bought", ["90", "100", "110.5"])
@pytest.mark.parametrize("sold", ["80", "100", "130.25"])
@pytest.mark.parametrize("quantity", ["1", "3", "40"])
@pytest.mark.parametrize("preset", [Preset.TODAY, Preset.THIS_MONTH])
async def test_net_is_profit_less_fees(
    db: AsyncSession, make_user: MakeUser, bought: str, sold: str, quantity: str, preset: Preset
) -> None:
    user = await make_user("Ada")
    await trade(db, user, at(TODAY, 9), Side.BUY, quantity, bought)
    await trade(db, user, at(TODAY, 15), Side.SELL, quantity, sold)
    report = await service.run_report(db, user.id, preset, today=TODAY)
    assert report.net == (D(sold) - D(bought)) * D(quantity) - D("0.50")


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("mine", [0, 1, 2])
@pytest.mark.parametrize("theirs", [0, 1, 3])
async def test_reports_hold_only_the_own_trades(
    db: AsyncSession, make_user: MakeUser, preset: Preset, mine: int, theirs: int
) -> None:
    ada, bob = await make_user("Ada"), await make_user("Bob")
    day = FIRST_DAYS[preset][0]
    for user, count in ((ada, mine), (bob, theirs)):
        for number in range(count):
            await trade(db, user, at(day, 8 + number))
    assert (await service.run_report(db, ada.id, preset, today=TODAY)).trades == mine


@pytest.mark.parametrize("offset_hours", [-8, -5, 0, 1, 9])
@pytest.mark.parametrize(("hour", "day"), [(0, 4), (6, 4), (12, 4), (20, 4), (23, 4)])
async def test_days_are_cut_in_utc(
    db: AsyncSession, make_user: MakeUser, offset_hours: int, hour: int, day: int
) -> None:
    user = await make_user("Ada")
    local = datetime(2026, 3, day, hour, 30, tzinfo=timezone(timedelta(hours=offset_hours)))
    await trade(db, user, local)
    in_range = 0 <= hour - offset_hours < 24
    found = await service.trades_of(db, user.id, DateRange(TODAY, TODAY))
    assert len(found) == int(in_range)


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("sold", ["1", "2.5"])
async def test_selling_what_was_bought_before_the_range_is_invalid(
    db: AsyncSession, make_user: MakeUser, preset: Preset, sold: str
) -> None:
    user = await make_user("Ada")
    first, _ = FIRST_DAYS[preset]
    await trade(db, user, at(first - timedelta(days=1)), Side.BUY, "10")
    await trade(db, user, at(first), Side.SELL, sold)
    with pytest.raises(Invalid, match=f"{sold} ACME sold but never bought"):
        await service.run_report(db, user.id, preset, today=TODAY)


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("role", Role)
async def test_latest_report_wins(db: AsyncSession, make_user: MakeUser, preset: Preset, role: Role) -> None:
    user = await make_user("Ada", role)
    with pytest.raises(NotFound, match=f"no {preset} report yet"):
        await service.latest(db, user.id, preset)
    await service.run_report(db, user.id, preset, today=TODAY)
    second = await service.run_report(db, user.id, preset, today=TODAY)
    assert (await service.latest(db, user.id, preset)).id == second.id


@pytest.mark.parametrize("preset", Preset)
async def test_unknown_account_gets_no_report(db: AsyncSession, preset: Preset) -> None:
    with pytest.raises(NotFound, match="no account 404"):
        await service.run_report(db, 404, preset, today=TODAY)


@pytest.mark.parametrize(
    ("today", "reported"),
    [
        (date(2026, 3, 3), date(2026, 3, 2)),
        (date(2026, 3, 4), date(2026, 3, 3)),
        (date(2026, 3, 6), date(2026, 3, 5)),
        (date(2026, 3, 7), date(2026, 3, 6)),
        (date(2026, 3, 8), date(2026, 3, 6)),
        (date(2026, 3, 9), date(2026, 3, 6)),
    ],
    ids=str,
)
@pytest.mark.parametrize("trades", [0, 1, 2])
async def test_digest_is_about_the_trading_day_before(
    db: AsyncSession, make_user: MakeUser, today: date, reported: date, trades: int
) -> None:
    user = await make_user("Ada")
    for number in range(trades):
        await trade(db, user, at(reported, 9 + number))
    (subject,) = (await report_digest.digests(db, today=today)).values()
    day = reported.strftime("%d %b")
    assert (
        subject
        == [
            f"Ada, no trades on {day}",
            f"Ada, 1 trade on {day}: -0.25 USD",
            f"Ada, 2 trades on {day}: -0.50 USD",
        ][trades]
    )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("active", [True, False], ids=["active", "suspended"])
async def test_digests_go_to_active_traders(
    db: AsyncSession, make_user: MakeUser, role: Role, active: bool
) -> None:
    await make_user("Ada", role, active=active)
    digests = await report_digest.digests(db, today=TODAY)
    assert list(digests) == (["ada@example.com"] if role is Role.TRADER and active else [])


@pytest.mark.parametrize("role", Role)
async def test_account_view_knows_who_a_report_is_for(
    db: AsyncSession, make_user: MakeUser, role: Role
) -> None:
    user = await make_user("Ada", role)
    account = await db.get_one(User, user.id)
    report = await service.run_report(db, account.id, Preset.TODAY, today=TODAY)
    assert (report.user_id, account.role) == (user.id, role)
