"""Following and leaving traders."""

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.copy.follows import CopyFollow
from backend.app.copy.ratios import MAXIMUM_MULTIPLIER
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.core.settings import get_settings
from backend.app.users.models import User

MINIMUM_CAPITAL = Decimal(100)
MAXIMUM_LEADERS = 10


async def follow(
    session: AsyncSession,
    follower_id: int,
    leader_id: int,
    *,
    capital: Decimal,
    multiplier: Decimal = Decimal(1),
) -> CopyFollow:
    """Start to follow a trader. Raises Invalid or Conflict, and then nothing changes."""
    get_settings().features.require("copy_trading")
    if follower_id == leader_id:
        raise Invalid("nobody can follow themselves")
    if capital < MINIMUM_CAPITAL:
        raise Invalid(f"following takes at least {MINIMUM_CAPITAL}")
    if not 0 < multiplier <= MAXIMUM_MULTIPLIER:
        raise Invalid(f"the multiplier must be above 0 and at most {MAXIMUM_MULTIPLIER}")
    leader = await session.get(User, leader_id)
    if leader is None or not leader.is_active:
        raise NotFound(f"no active account {leader_id}")
    if leader.role not in {Role.TRADER, Role.ANALYST}:
        raise Invalid(f"a {leader.role} cannot be followed")
    followed = await followed_by(session, follower_id)
    if leader_id in [entry.leader_id for entry in followed]:
        raise Conflict("followed already")
    if len(followed) >= MAXIMUM_LEADERS:
        raise Conflict(f"at most {MAXIMUM_LEADERS} traders can be followed")
    entry = CopyFollow(follower_id=follower_id, leader_id=leader_id, capital=capital, multiplier=multiplier)
    session.add(entry)
    await session.commit()
    return entry


async def followed_by(session: AsyncSession, follower_id: int) -> list[CopyFollow]:
    query = select(CopyFollow).where(CopyFollow.follower_id == follower_id).order_by(CopyFollow.id)
    return list(await session.scalars(query))


async def leave(session: AsyncSession, follower_id: int, leader_id: int) -> None:
    entry = await session.scalar(
        select(CopyFollow).where(CopyFollow.follower_id == follower_id, CopyFollow.leader_id == leader_id)
    )
    if entry is None:
        raise NotFound("not followed")
    await session.delete(entry)
    await session.commit()


async def pause(session: AsyncSession, follower_id: int, *, paused: bool = True) -> int:
    """Pause or resume everything that an account follows; how many changed."""
    changed = [entry for entry in await followed_by(session, follower_id) if entry.paused is not paused]
    for entry in changed:
        entry.paused = paused
    await session.commit()
    return len(changed)


async def leaderboard(session: AsyncSession, *, limit: int = 10) -> list[tuple[str, int, Decimal]]:
    """The most followed: name, number of followers, and the capital behind them."""
    counted = (
        select(CopyFollow.leader_id, func.count().label("followers"))
        .where(CopyFollow.paused.is_(False))
        .group_by(CopyFollow.leader_id)
        .subquery()
    )
    ranked = await session.execute(
        select(User.display_name, counted.c.followers, User.id)
        .join(counted, counted.c.leader_id == User.id)
        .order_by(counted.c.followers.desc(), User.display_name)
        .limit(limit)
    )
    board = []
    for name, followers, leader_id in ranked.all():
        capitals = await session.scalars(
            select(CopyFollow.capital).where(CopyFollow.leader_id == leader_id, CopyFollow.paused.is_(False))
        )
        board.append((name, followers, sum(capitals, Decimal(0))))
    return board
