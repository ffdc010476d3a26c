"""Amounts and moments on their way through the database."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import LoginSession, RoleGrant, User
from backend.app.core.permissions import Role
from backend.app.paper.models import PaperAccount, Position
from backend.app.privacy.models import ConsentRecord, ErasureRequest
from backend.app.profile.models import Profile
from backend.app.quotas.models import QuotaOverride
from backend.app.users.watchlists import Watchlist
from backend.tests.conftest import NOW

pytestmark = pytest.mark.anyio

AMOUNTS = [
    "0", "0.00", "1", "-1", "0.01", "-0.01", "99999999999.99", "0.000000000000000001", "123456789.123456789",
    "1E+3", "1E-7", "100.10", "3.14159265358979323846",
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("column", ["quantity", "average_price", "realised"])
async def test_amounts_come_back_exactly(db: AsyncSession, trader: User, amount: str, column: str) -> None:
    account = PaperAccount(owner_id=trader.id, name="main", cash=Decimal(1))
    db.add(account)
    await db.flush()
    values = dict.fromkeys(["quantity", "average_price", "realised"], Decimal(7)) | {column: Decimal(amount)}
    db.add(Position(account_id=account.id, symbol="ACME", **values))
    await db.commit()
    db.expunge_all()
    stored = await db.scalar(select(getattr(Position, column)))
    assert isinstance(stored, Decimal)
    assert stored == Decimal(amount)


MOMENTS = {
    "utc": datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
    "microsecond": datetime(2026, 3, 4, 10, 30, 0, 1, tzinfo=UTC),
    "leap-day": datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
    "before-epoch": datetime(1965, 1, 1, tzinfo=UTC),
    "new-york": datetime(2026, 3, 4, 23, 0, tzinfo=timezone(timedelta(hours=-5))),
    "kolkata": datetime(2026, 3, 5, 1, 15, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    "auckland": datetime(2026, 1, 1, 9, 0, tzinfo=timezone(timedelta(hours=13))),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("column", ["requested_at", "due_at", "done_at"])
async def test_moments_come_back_in_utc(db: AsyncSession, trader: User, moment: str, column: str) -> None:
    values = {"requested_at": NOW, "due_at": NOW, "done_at": None} | {column: MOMENTS[moment]}
    db.add(ErasureRequest(user_id=trader.id, **values))
    await db.commit()
    db.expunge_all()
    stored = await db.scalar(select(getattr(ErasureRequest, column)))
    assert stored == MOMENTS[moment]
    assert stored.tzinfo is UTC


@pytest.mark.parametrize("moment", MOMENTS)
async def test_naive_moments_are_refused(db: AsyncSession, trader: User, moment: str) -> None:
    naive = MOMENTS[moment].replace(tzinfo=None)
    db.add(ConsentRecord(user_id=trader.id, purpose="newsletter", given=True, at=naive))
    with pytest.raises(StatementError, match="a moment without time zone cannot be stored"):
        await db.commit()


@pytest.mark.parametrize("first", MOMENTS)
@pytest.mark.parametrize("second", MOMENTS)
async def test_moments_sort_across_zones(db: AsyncSession, trader: User, first: str, second: str) -> None:
    for device in (first, second):
        db.add(LoginSession(user_id=trader.id, device=device, opened_at=MOMENTS[device]))
    await db.commit()
    devices = await db.scalars(select(LoginSession.device).order_by(LoginSession.opened_at, LoginSession.id))
    assert devices.all() == sorted([first, second], key=MOMENTS.__getitem__)


UNIQUE = {
    "e-mail": lambda user: User(email=user.email, display_name="Twin", password_hash="!"),
    "profile": lambda user: Profile(user_id=user.id),
    "grant": lambda user: RoleGrant(user_id=user.id, role=Role.ANALYST),
    "watchlist": lambda user: Watchlist(user_id=user.id, name="Metals"),
    "override": lambda user: QuotaOverride(user_id=user.id, operation="order", limit=1, reason="trial"),
}


@pytest.mark.parametrize("row", UNIQUE)
async def test_the_database_itself_refuses_a_second_row(db: AsyncSession, trader: User, row: str) -> None:
    if row != "e-mail":
        db.add(UNIQUE[row](trader))
        await db.commit()
    db.add(UNIQUE[row](trader))
    with pytest.raises(IntegrityError):
        await db.commit()
