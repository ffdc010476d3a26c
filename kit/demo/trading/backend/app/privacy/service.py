"""Consent and erasure."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, NotFound
from backend.app.privacy.models import ConsentRecord, ErasureRequest
from backend.app.users.models import (
    User,
)
from backend.app.users.watchlists import Preference, Watchlist

GRACE = timedelta(days=30)


class Purpose(StrEnum):
    NEWSLETTER = "newsletter"
    ANALYTICS = "analytics"
    LEADERBOARD = "leaderboard"
    PARTNER_OFFERS = "partner-offers"


async def record_consent(
    session: AsyncSession, user_id: int, purpose: Purpose, *, given: bool, at: datetime
) -> ConsentRecord:
    if await session.get(User, user_id) is None:
        raise NotFound(f"no account {user_id}")
    entry = ConsentRecord(user_id=user_id, purpose=purpose, given=given, at=at)
    session.add(entry)
    await session.commit()
    return entry


async def consents(session: AsyncSession, user_id: int, *, at: datetime) -> dict[Purpose, bool]:
    """What holds at a moment, for every purpose. Never asked means no."""
    given = dict.fromkeys(Purpose, False)
    answers = await session.scalars(
        select(ConsentRecord)
        .where(ConsentRecord.user_id == user_id, ConsentRecord.at <= at)
        .order_by(ConsentRecord.at, ConsentRecord.id)
    )
    for answer in answers:
        given[Purpose(answer.purpose)] = answer.given
    return given


async def request_erasure(session: AsyncSession, user_id: int, *, at: datetime) -> ErasureRequest:
    """Ask for erasure, which falls due after the time of grace."""
    if await session.get(User, user_id) is None:
        raise NotFound(f"no account {user_id}")
    if await _open_request(session, user_id) is not None:
        raise Conflict("erasure is requested already")
    entry = ErasureRequest(user_id=user_id, requested_at=at, due_at=at + GRACE)
    session.add(entry)
    await session.commit()
    return entry


async def withdraw_erasure(session: AsyncSession, user_id: int) -> None:
    entry = await _open_request(session, user_id)
    if entry is None:
        raise NotFound("no erasure is requested")
    await session.delete(entry)
    await session.commit()


async def erase_due(session: AsyncSession, *, at: datetime) -> list[int]:
    """Erase the accounts whose time of grace is over; their ids."""
    due = await session.scalars(
        select(ErasureRequest)
        .where(ErasureRequest.done_at.is_(None), ErasureRequest.due_at <= at)
        .order_by(ErasureRequest.user_id)
    )
    erased = []
    for entry in due:
        account = await session.get_one(User, entry.user_id)
        account.email = f"erased-{account.id}@example.invalid"
        account.display_name = "Former member"
        account.is_active = False
        for table in (Watchlist, Preference, ConsentRecord):
            await session.execute(delete(table).where(table.user_id == account.id))
        entry.done_at = at
        erased.append(account.id)
    await session.commit()
    return erased


async def _open_request(session: AsyncSession, user_id: int) -> ErasureRequest | None:
    return await session.scalar(
        select(ErasureRequest).where(ErasureRequest.user_id == user_id, ErasureRequest.done_at.is_(None))
    )
