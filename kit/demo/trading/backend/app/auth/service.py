"""Registering, signing in, roles."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.app.auth.models import LoginSession, RoleGrant, User
from backend.app.auth.passwords import hash_password, password_matches, weaknesses
from backend.app.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.app.core.permissions import GRANTED, Permission, Role


async def register(
    session: AsyncSession,
    *,
    email: str,
    display_name: str,
    password: str,
    iterations: int,
    role: Role = Role.TRADER,
) -> User:
    """A new account. Raises Invalid for a weak password, Conflict for a known address."""
    email = email.strip().lower()
    if found := weaknesses(password, email=email):
        raise Invalid("; ".join(found))
    if await session.scalar(select(User.id).where(User.email == email)) is not None:
        raise Conflict(f"an account for {email} exists")
    password_hash = hash_password(password, iterations=iterations)
    user = User(email=email, display_name=display_name.strip(), password_hash=password_hash, role=role)
    session.add(user)
    await session.commit()
    return user


async def sign_in(
    session: AsyncSession, *, email: str, password: str, device: str, at: datetime
) -> LoginSession:
    """A new login session. Raises Forbidden, with the same words whatever is wrong."""
    user = await session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise Forbidden("unknown account or wrong password")
    if not user.is_active or not password_matches(password, user.password_hash):
        user.failed_logins += 1
        await session.commit()
        raise Forbidden("unknown account or wrong password")
    user.failed_logins, user.last_login_at = 0, at
    login = LoginSession(user=user, device=device, opened_at=at)
    session.add(login)
    await session.commit()
    return login


async def close_sessions(
    session: AsyncSession, user_id: int, *, at: datetime, keep: int | None = None
) -> int:
    """Close all open login sessions of an account but one; how many were closed."""
    open_sessions = await session.scalars(
        select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.closed_at.is_(None))
    )
    closing = [login for login in open_sessions if login.id != keep]
    for login in closing:
        login.closed_at = at
    await session.commit()
    return len(closing)


async def grant_role(
    session: AsyncSession, user_id: int, role: Role, *, expires_at: datetime | None = None
) -> RoleGrant:
    """Give a role beside the main one; granting it again moves its expiry."""
    grant = await session.scalar(
        select(RoleGrant).where(RoleGrant.user_id == user_id, RoleGrant.role == role)
    )
    if grant is None:
        grant = RoleGrant(user_id=user_id, role=role)
        session.add(grant)
    grant.expires_at = expires_at
    await session.commit()
    return grant


async def effective_permissions(
    session: AsyncSession, user_id: int, *, at: datetime
) -> frozenset[Permission]:
    """Everything that the main role and the grants that have not expired allow."""
    user = await session.scalar(select(User).where(User.id == user_id).options(selectinload(User.grants)))
    if user is None:
        raise NotFound(f"no account {user_id}")
    if not user.is_active:
        return frozenset()
    granted = [grant.role for grant in user.grants if grant.expires_at is None or grant.expires_at > at]
    return frozenset().union(*(GRANTED[role] for role in [user.role, *granted]))


async def deactivate(session: AsyncSession, user_id: int, *, at: datetime) -> int:
    """Switch an account off and sign it out everywhere; how many sessions that closed."""
    from backend.app.users.models import User as Account  # users imports auth

    account = await session.get(Account, user_id)
    if account is None:
        raise NotFound(f"no account {user_id}")
    account.is_active = False
    return await close_sessions(session, user_id, at=at)
