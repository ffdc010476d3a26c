"""What routes depend on: the caller, a session, a permission."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.tokens import BadToken, read_token
from backend.app.core.clock import utc_now
from backend.app.core.errors import NotFound
from backend.app.core.permissions import GRANTED, Permission, Role, allowed
from backend.app.core.settings import get_settings

if TYPE_CHECKING:
    from backend.app.auth.models import User


@dataclass(frozen=True)
class Principal:
    """Who is calling, as the token says."""

    user_id: int
    role: Role

    @property
    def permissions(self) -> list[str]:
        return sorted(GRANTED[self.role])


async def current_principal(authorization: Annotated[str | None, Header()] = None) -> Principal:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise HTTPException(401, "missing bearer token")
    try:
        claims = read_token(token, secret=get_settings().token_secret, now=utc_now())
    except BadToken as error:
        raise HTTPException(401, str(error)) from error
    return Principal(user_id=claims.subject, role=claims.role)


Caller = Annotated[Principal, Depends(current_principal)]


def require(permission: Permission) -> Callable[[Principal], Principal]:
    """A dependency that lets through only callers whose role has the permission."""

    def check(caller: Caller) -> Principal:
        if not allowed(caller.role, permission):
            raise HTTPException(403, f"role {caller.role} lacks {permission}")
        return caller

    return check


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    sessions = request.app.state.sessions
    if sessions is None:
        raise RuntimeError("the application has no database sessions")
    async with sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


async def load_account(session: AsyncSession, principal: Principal) -> "User":
    """The caller's account row."""
    # Imported late: users pulls in watchlists and copy, which import this module.
    from backend.app.users.models import User

    account = await session.get(User, principal.user_id)
    if account is None:
        raise NotFound(f"no account {principal.user_id}")
    return account
