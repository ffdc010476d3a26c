"""Registering, signing in, roles and sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth import service
from backend.app.auth.models import LoginSession, RoleGrant, User
from backend.app.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.app.core.permissions import GRANTED, Permission, Role
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio

GOOD = "Correct-h0rse"


async def register(db: AsyncSession, email: str = "ada@example.com", password: str = GOOD, **more) -> User:
    return await service.register(
        db, email=email, display_name=" Ada ", password=password, iterations=10, **more
    )


async def sign_in(db: AsyncSession, email: str, password: str = GOOD, device: str = "phone") -> LoginSession:
    return await service.sign_in(db, email=email, password=password, device=device, at=NOW)


@pytest.mark.parametrize("email", ["ada@example.com", " ADA@Example.com ", "ada@EXAMPLE.COM\n"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("login_as", ["ada@example.com", "Ada@Example.Com"])
async def test_registered_account_can_sign_in(
    db: AsyncSession, email: str, role: Role, login_as: str
) -> None:
    user = await register(db, email, role=role)
    assert (user.email, user.display_name, user.role) == ("ada@example.com", "Ada", role)
    login = await sign_in(db, login_as)
    assert (login.user_id, login.opened_at, user.last_login_at) == (user.id, NOW, NOW)


@pytest.mark.parametrize("first", ["ada@example.com", "ADA@example.com"])
@pytest.mark.parametrize("second", ["ada@example.com", "  ada@EXAMPLE.com"])
@pytest.mark.parametrize("role", Role)
async def test_address_is_registered_once(db: AsyncSession, first: str, second: str, role: Role) -> None:
    await register(db, first)
    with pytest.raises(Conflict, match="an account for ada@example.com exists"):
        await register(db, second, role=role)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("Sh0rt!", "fewer than 10"),
        ("no-upper-c4se", "upper-case"),
        ("NO-LOWER-C4SE", "lower-case"),
        ("No-Digit-Here", "a digit"),
        ("NoSymbol1here", "a symbol"),
        ("Ada.byron-1815", "e-mail"),
        ("", "fewer than 10"),
    ],
)
@pytest.mark.parametrize("role", Role)
async def test_weak_passwords_are_refused(
    db: AsyncSession, password: str, complaint: str, role: Role
) -> None:
    with pytest.raises(Invalid, match=complaint):
        await register(db, "ada.byron@example.com", password, role=role)
    assert (await db.scalars(select(User))).all() == []


@pytest.mark.parametrize("wrong", ["password", "account", "suspended", "unusable"])
@pytest.mark.parametrize("attempts", [1, 2, 5])
@pytest.mark.parametrize("device", ["phone", "desktop"])
async def test_refusals_tell_nothing_apart(
    db: AsyncSession, make_user: MakeUser, wrong: str, attempts: int, device: str
) -> None:
    user = await make_user("Bob") if wrong == "unusable" else await register(db)
    user.is_active = wrong != "suspended"
    await db.commit()
    email = "nobody@example.com" if wrong == "account" else user.email
    for _ in range(attempts):
        with pytest.raises(Forbidden, match="^unknown account or wrong password$"):
            await sign_in(db, email, "Wrong-h0rse" if wrong == "password" else GOOD, device)
    assert user.failed_logins == (0 if wrong == "account" else attempts)


@pytest.mark.parametrize("failures", [0, 1, 3, 6])
async def test_success_forgets_failures(db: AsyncSession, failures: int) -> None:
    user = await register(db)
    for _ in range(failures):
        with pytest.raises(Forbidden):
            await sign_in(db, user.email, "Wrong-h0rse")
    await sign_in(db, user.email)
    assert user.failed_logins == 0


@pytest.mark.parametrize("main", Role)
@pytest.mark.parametrize("granted", Role)
@pytest.mark.parametrize(
    "expires",
    [None, timedelta(hours=1), timedelta(0), timedelta(hours=-1)],
    ids=["never", "later", "now", "past"],
)
async def test_grants_add_to_the_main_role_until_they_expire(
    db: AsyncSession, make_user: MakeUser, main: Role, granted: Role, expires: timedelta | None
) -> None:
    user = await make_user("Ada", main)
    await service.grant_role(db, user.id, granted, expires_at=None if expires is None else NOW + expires)
    valid = expires is None or expires > timedelta(0)
    expected = GRANTED[main] | (GRANTED[granted] if valid else frozenset())
    assert await service.effective_permissions(db, user.id, at=NOW) == expected


@pytest.mark.parametrize("main", Role)
@pytest.mark.parametrize(
    "permission", [Permission.ACCOUNT_READ, Permission.ORDER_WRITE, Permission.AUDIT_READ]
)
async def test_suspended_account_may_do_nothing(
    db: AsyncSession, make_user: MakeUser, main: Role, permission: Permission
) -> None:
    user = await make_user("Ada", main, active=False)
    await service.grant_role(db, user.id, Role.ADMIN)
    assert permission not in await service.effective_permissions(db, user.id, at=NOW)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_granting_again_moves_the_expiry(
    db: AsyncSession, make_user: MakeUser, role: Role, times: int
) -> None:
    user = await make_user("Ada")
    for number in range(times):
        await service.grant_role(db, user.id, role, expires_at=NOW + timedelta(days=number))
    (grant,) = (await db.scalars(select(RoleGrant))).all()
    assert (grant.role, grant.expires_at) == (role, NOW + timedelta(days=times - 1))


@pytest.mark.parametrize("open_sessions", [0, 1, 3])
@pytest.mark.parametrize("closed_sessions", [0, 2])
@pytest.mark.parametrize("keep", [False, True], ids=["all", "but-one"])
async def test_closing_sessions_leaves_the_kept_one(
    db: AsyncSession, make_user: MakeUser, open_sessions: int, closed_sessions: int, keep: bool
) -> None:
    user = await make_user("Ada")
    earlier = NOW - timedelta(days=1)
    logins = [LoginSession(user_id=user.id, device="phone") for _ in range(open_sessions)]
    db.add_all(logins)
    db.add_all(LoginSession(user_id=user.id, device="old", closed_at=earlier) for _ in range(closed_sessions))
    await db.commit()
    kept = logins[0].id if keep and logins else None
    expected = open_sessions - int(kept is not None)
    assert await service.close_sessions(db, user.id, at=NOW, keep=kept) == expected
    assert [login.closed_at for login in logins].count(NOW) == expected


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("open_sessions", [0, 2])
async def test_deactivated_account_is_signed_out(
    db: AsyncSession, make_user: MakeUser, role: Role, open_sessions: int
) -> None:
    user = await make_user("Ada", role)
    db.add_all(LoginSession(user_id=user.id, device="phone") for _ in range(open_sessions))
    await db.commit()
    assert await service.deactivate(db, user.id, at=NOW) == open_sessions
    assert await service.effective_permissions(db, user.id, at=NOW) == frozenset()


@pytest.mark.parametrize("action", ["permissions", "deactivate"])
async def test_unknown_account_is_not_found(db: AsyncSession, action: str) -> None:
    with pytest.raises(NotFound, match="no account 404"):
        if action == "permissions":
            await service.effective_permissions(db, 404, at=NOW)
        else:
            await service.deactivate(db, 404, at=NOW)
