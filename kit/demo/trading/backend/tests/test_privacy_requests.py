"""Consents and erasure."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, NotFound
from backend.app.core.permissions import Role
from backend.app.privacy import service
from backend.app.privacy.models import ConsentRecord
from backend.app.privacy.service import Purpose
from backend.app.users.service import set_preference, watch
from backend.app.users.watchlists import Preference, Watchlist
from backend.tests.conftest import NOW, MakeUser

from ..app.users.models import User

pytestmark = pytest.mark.anyio

# Answers as (days from now, given), and what holds at some days from now.
HISTORIES = {
    "never-asked": ([], {-10: False, 0: False, 10: False}),
    "given": ([(-5, True)], {-10: False, 0: True, 10: True}),
    "refused": ([(-5, False)], {-10: False, 0: False, 10: False}),
    "withdrawn": ([(-5, True), (5, False)], {-10: False, 0: True, 10: False}),
    "given-late": ([(-5, False), (5, True)], {-10: False, 0: False, 10: True}),
    "back-and-forth": ([(-20, True), (-8, False), (-1, True), (9, False)], {-10: True, 0: True, 10: False}),
    "same-moment": ([(-5, True), (-5, False)], {-10: False, 0: False, 10: False}),
}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("day", [-10, 0, 10])
async def test_the_latest_answer_counts(
    db: AsyncSession, make_user: MakeUser, purpose: Purpose, history: str, day: int
) -> None:
    user = await make_user("Ada")
    answers, expected = HISTORIES[history]
    for offset, given in answers:
        await service.record_consent(db, user.id, purpose, given=given, at=NOW + timedelta(days=offset))
    holds = await service.consents(db, user.id, at=NOW + timedelta(days=day))
    assert holds == dict.fromkeys(Purpose, False) | {purpose: expected[day]}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("given", [True, False], ids=["yes", "no"])
@pytest.mark.parametrize("role", Role)
async def test_consent_is_kept_for_each_account(
    db: AsyncSession, make_user: MakeUser, purpose: Purpose, given: bool, role: Role
) -> None:
    ada, bob = await make_user("Ada", role), await make_user("Bob", role)
    await service.record_consent(db, ada.id, purpose, given=given, at=NOW)
    assert (await service.consents(db, ada.id, at=NOW))[purpose] is given
    assert not any((await service.consents(db, bob.id, at=NOW)).values())


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("days", [0, 1, 29, 30, 31, 365])
async def test_erasure_happens_after_thirty_days(
    db: AsyncSession, make_user: MakeUser, role: Role, days: int
) -> None:
    user = await make_user("Ada", role)
    await service.request_erasure(db, user.id, at=NOW)
    erased = await service.erase_due(db, at=NOW + timedelta(days=days))
    assert erased == ([user.id] if days >= 30 else [])
    account = await db.get_one(User, user.id)
    assert account.email == (f"erased-{user.id}@example.invalid" if days >= 30 else "ada@example.com")
    assert account.is_active is (days < 30)


@pytest.mark.parametrize("symbols", [0, 1, 3])
@pytest.mark.parametrize("preference", [False, True], ids=["default", "preference"])
@pytest.mark.parametrize("consents", [0, 2])
@pytest.mark.parametrize("bystander", [False, True], ids=["alone", "beside"])
async def test_erasure_takes_what_belongs_to_the_account_only(
    db: AsyncSession, make_user: MakeUser, symbols: int, preference: bool, consents: int, bystander: bool
) -> None:
    users = [await make_user("Ada"), await make_user("Bob")] if bystander else [await make_user("Ada")]
    for user in users:
        for symbol in ("ACME", "BOLT", "CRUX")[:symbols]:
            await watch(db, user.id, symbol)
        if preference:
            await set_preference(db, user.id, currency="EUR", locale="de", dark_mode=True)
        for purpose in list(Purpose)[:consents]:
            await service.record_consent(db, user.id, purpose, given=True, at=NOW)
    await service.request_erasure(db, users[0].id, at=NOW)
    await service.erase_due(db, at=NOW + timedelta(days=30))
    left = [len((await db.scalars(select(table))).all()) for table in (Watchlist, Preference, ConsentRecord)]
    assert left == ([int(symbols > 0), int(preference), consents] if bystander else [0, 0, 0])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("again_after", [0, 1, 29])
async def test_erasure_is_requested_once(
    db: AsyncSession, make_user: MakeUser, role: Role, again_after: int
) -> None:
    user = await make_user("Ada", role)
    await service.request_erasure(db, user.id, at=NOW)
    with pytest.raises(Conflict, match="requested already"):
        await service.request_erasure(db, user.id, at=NOW + timedelta(days=again_after))


@pytest.mark.parametrize("role", Role)
async def test_withdrawn_erasure_does_not_happen(db: AsyncSession, make_user: MakeUser, role: Role) -> None:
    user = await make_user("Ada", role)
    await service.request_erasure(db, user.id, at=NOW)
    await service.withdraw_erasure(db, user.id)
    assert await service.erase_due(db, at=NOW + timedelta(days=60)) == []
    with pytest.raises(NotFound, match="no erasure is requested"):
        await service.withdraw_erasure(db, user.id)


@pytest.mark.parametrize("purpose", Purpose)
async def test_unknown_account_cannot_consent(db: AsyncSession, purpose: Purpose) -> None:
    with pytest.raises(NotFound, match="no account 404"):
        await service.record_consent(db, 404, purpose, given=True, at=NOW)
