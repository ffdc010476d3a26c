"""Following other traders."""

from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.copy import service
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.users.models import User as Trader
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio
D = Decimal
NAMES = ["Ada", "Bob", "Cy", "Dee", "Eve", "Fay", "Gil", "Hal", "Ida", "Jon", "Kim"]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("active", [True, False], ids=["active", "suspended"])
@pytest.mark.parametrize("capital", ["100", "2500.50", "1000000"])
async def test_traders_and_analysts_can_be_followed(
    db: AsyncSession, make_user: MakeUser, role: Role, active: bool, capital: str
) -> None:
    ada, leader = await make_user("Ada"), await make_user("Lea", role, active=active)
    follow = service.follow(db, ada.id, leader.id, capital=D(capital))
    if not active:
        with pytest.raises(NotFound, match="no active account"):
            await follow
    elif role not in {Role.TRADER, Role.ANALYST}:
        with pytest.raises(Invalid, match=f"a {role} cannot be followed"):
            await follow
    else:
        assert (await follow).capital == D(capital)


@pytest.mark.parametrize("capital", ["-1", "0", "99.99", "100", "100.01"])
@pytest.mark.parametrize("multiplier", ["-1", "0", "0.01", "1", "2.5", "3", "3.01", "10"])
async def test_capital_and_multiplier_have_bounds(
    db: AsyncSession, make_user: MakeUser, capital: str, multiplier: str
) -> None:
    ada, leader = await make_user("Ada"), await make_user("Lea")
    follow = service.follow(db, ada.id, leader.id, capital=D(capital), multiplier=D(multiplier))
    if D(capital) >= 100 and 0 < D(multiplier) <= 3:
        assert (await follow).multiplier == D(multiplier)
    else:
        with pytest.raises(Invalid, match="following takes at least" if D(capital) < 100 else "multiplier"):
            await follow
        assert await service.followed_by(db, ada.id) == []


@pytest.mark.parametrize("role", Role)
async def test_nobody_follows_themselves(db: AsyncSession, make_user: MakeUser, role: Role) -> None:
    ada = await make_user("Ada", role)
    with pytest.raises(Invalid, match="themselves"):
        await service.follow(db, ada.id, ada.id, capital=D(500))


@pytest.mark.parametrize("followed", [0, 1, 5, 9, 10])
@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
async def test_number_of_leaders_is_limited(
    db: AsyncSession, make_user: MakeUser, followed: int, again: bool
) -> None:
    ada = await make_user("Zoe")
    leaders = [await make_user(name) for name in NAMES]
    for leader in leaders[:followed]:
        await service.follow(db, ada.id, leader.id, capital=D(200))
    wanted = leaders[0] if again else leaders[10]
    follow = service.follow(db, ada.id, wanted.id, capital=D(200))
    if again and followed:
        with pytest.raises(Conflict, match="followed already"):
            await follow
    elif followed == 10:
        with pytest.raises(Conflict, match="at most 10"):
            await follow
    else:
        await follow
        assert len(await service.followed_by(db, ada.id)) == followed + 1


@pytest.mark.parametrize("followed", [1, 2, 4])
@pytest.mark.parametrize("left", [0, 1, 3, 7])
async def test_leaving_ends_one_following(
    db: AsyncSession, make_user: MakeUser, followed: int, left: int
) -> None:
    ada = await make_user("Zoe")
    leaders = [await make_user(name) for name in NAMES[:8]]
    for leader in leaders[:followed]:
        await service.follow(db, ada.id, leader.id, capital=D(200))
    if left < followed:
        await service.leave(db, ada.id, leaders[left].id)
        remaining = [leader.id for leader in leaders[:followed] if leader is not leaders[left]]
        assert [entry.leader_id for entry in await service.followed_by(db, ada.id)] == remaining
    else:
        with pytest.raises(NotFound, match="not followed"):
            await service.leave(db, ada.id, leaders[left].id)


@pytest.mark.parametrize("followed", [0, 1, 3])
@pytest.mark.parametrize("steps", ["p", "pp", "pr", "r", "prp", "prr"])
async def test_pausing_reports_what_changed(
    db: AsyncSession, make_user: MakeUser, followed: int, steps: str
) -> None:
    ada = await make_user("Zoe")
    for name in NAMES[:followed]:
        await service.follow(db, ada.id, (await make_user(name)).id, capital=D(200))
    changed = [await service.pause(db, ada.id, paused=step == "p") for step in steps]
    states = ["r", *steps]
    assert changed == [followed if before != after else 0 for before, after in zip(states, states[1:])]
    assert {entry.paused for entry in await service.followed_by(db, ada.id)} <= {steps[-1] == "p"}


@pytest.mark.parametrize("ada_followers", [0, 1, 3])
@pytest.mark.parametrize("bob_followers", [0, 1, 3])
@pytest.mark.parametrize("capital", ["100", "250.25"])
@pytest.mark.parametrize("limit", [1, 10])
async def test_leaderboard_ranks_by_followers_then_name(
    db: AsyncSession, make_user: MakeUser, ada_followers: int, bob_followers: int, capital: str, limit: int
) -> None:
    ada, bob = await make_user("Ada"), await make_user("Bob")
    followers = [await make_user(name) for name in NAMES[2:5]]
    for leader, count in ((ada, ada_followers), (bob, bob_followers)):
        for follower in followers[:count]:
            await service.follow(db, follower.id, leader.id, capital=D(capital))
    counts = [("Ada", ada_followers), ("Bob", bob_followers)]
    ranked = sorted((entry for entry in counts if entry[1]), key=lambda entry: (-entry[1], entry[0]))
    expected = [(name, count, D(capital) * count) for name, count in ranked]
    assert await service.leaderboard(db, limit=limit) == expected[:limit]


@pytest.mark.parametrize("paused", [0, 1, 2])
async def test_paused_followers_do_not_rank(db: AsyncSession, make_user: MakeUser, paused: int) -> None:
    ada = await make_user("Ada")
    for number, name in enumerate(NAMES[1:3]):
        follower = await make_user(name)
        await service.follow(db, follower.id, ada.id, capital=D(100))
        if number < paused:
            await service.pause(db, follower.id)
    board = await service.leaderboard(db)
    assert [row[1] for row in board] == ([2 - paused] if paused < 2 else [])


@pytest.mark.parametrize("followed", [0, 1, 3])
@pytest.mark.parametrize("role", Role)
async def test_trader_view_lists_what_is_followed(
    db: AsyncSession, make_user: MakeUser, followed: int, role: Role
) -> None:
    zoe = await make_user("Zoe", role)
    leaders = [await make_user(name) for name in NAMES[:followed]]
    for leader in leaders:
        await service.follow(db, zoe.id, leader.id, capital=D(150))
    trader = await db.get_one(Trader, zoe.id)
    await db.refresh(trader, ["follows"])
    assert [entry.leader_id for entry in trader.follows] == [leader.id for leader in leaders]
