"""Opening paper accounts."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.paper import service
from backend.app.paper.models import PaperAccount
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("cash", ["0.01", "1", "2500.50", "100000", "9999999.99"])
@pytest.mark.parametrize(
    "name", ["main", "Swing trades", "kryptowährungen", "a" * 60], ids=["plain", "space", "umlaut", "long"]
)
async def test_opened_account_is_stored_with_its_cash(
    db: AsyncSession, trader: User, cash: str, name: str
) -> None:
    opened = await service.open_account(db, trader.id, name, cash=Decimal(cash))
    stored = await db.scalar(
        select(PaperAccount.cash).where(PaperAccount.id == opened.id, PaperAccount.name == name)
    )
    assert stored == Decimal(cash)


@pytest.mark.parametrize("cash", ["0", "-0.01", "-5000"])
@pytest.mark.parametrize("role", Role)
async def test_account_needs_cash(db: AsyncSession, make_user: MakeUser, cash: str, role: Role) -> None:
    owner = await make_user("Ada", role)
    with pytest.raises(Invalid, match="opens with cash"):
        await service.open_account(db, owner.id, "main", cash=Decimal(cash))


@pytest.mark.parametrize("existing", range(7))
async def test_number_of_accounts_is_limited(db: AsyncSession, trader: User, existing: int) -> None:
    for number in range(min(existing, 5)):
        await service.open_account(db, trader.id, f"account {number}")
    if existing >= 5:
        with pytest.raises(Conflict, match="at most 5"):
            await service.open_account(db, trader.id, "one more")
    else:
        await service.open_account(db, trader.id, "one more")
    count = await db.scalar(select(func.count()).select_from(PaperAccount))
    assert count == min(existing + 1, 5)


@pytest.mark.parametrize("role", Role)
async def test_name_is_taken_only_by_the_same_owner(
    db: AsyncSession, make_user: MakeUser, role: Role
) -> None:
    first, second = await make_user("Ada", role), await make_user("Bob", role)
    await service.open_account(db, first.id, "main")
    await service.open_account(db, second.id, "main")
    with pytest.raises(Conflict, match="called 'main'"):
        await service.open_account(db, first.id, "main")


@pytest.mark.parametrize("role", Role)
async def test_suspended_owner_cannot_open_an_account(
    db: AsyncSession, make_user: MakeUser, role: Role
) -> None:
    owner = await make_user("Ada", role, active=False)
    with pytest.raises(NotFound, match="no active account"):
        await service.open_account(db, owner.id, "main")
