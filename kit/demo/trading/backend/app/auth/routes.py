"""Sign-in and the caller's own account."""

from datetime import timedelta

from fastapi import APIRouter
from pydantic import BaseModel, Field

from backend.app.auth import service
from backend.app.auth.passwords import weaknesses
from backend.app.auth.tokens import Claims, issue_token
from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session
from backend.app.core.permissions import Role
from backend.app.core.settings import get_settings

router = APIRouter(prefix="/auth", tags=["auth"])


class Credentials(BaseModel):
    email: str = Field(min_length=3, max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")
    password: str = Field(min_length=1, max_length=200)
    device: str = Field(default="unknown", max_length=60)


class PasswordCheck(BaseModel):
    password: str = Field(min_length=1, max_length=200)
    email: str = Field(default="", max_length=320)


class PasswordVerdict(BaseModel):
    acceptable: bool
    weaknesses: list[str]


class Me(BaseModel):
    user_id: int
    role: Role
    permissions: list[str]


@router.post("/login", summary="Sign in")
async def login(credentials: Credentials, session: Session) -> dict[str, str]:
    now = utc_now()
    opened = await service.sign_in(
        session, email=credentials.email, password=credentials.password, device=credentials.device, at=now
    )
    settings = get_settings()
    claims = Claims(opened.user_id, opened.user.role, now + timedelta(minutes=settings.token_minutes))
    return {"token": issue_token(claims, secret=settings.token_secret)}


@router.post("/password-check", summary="Check a password before choosing it")
async def password_check(check: PasswordCheck) -> PasswordVerdict:
    found = weaknesses(check.password, email=check.email)
    return PasswordVerdict(acceptable=not found, weaknesses=found)


@router.get("/me", summary="The caller, as the token says")
async def me(caller: Caller) -> Me:
    return Me(user_id=caller.user_id, role=caller.role, permissions=caller.permissions)


@router.post("/logout", summary="Close all sessions")
async def logout(caller: Caller, session: Session) -> dict[str, int]:
    return {"closed": await service.close_sessions(session, caller.user_id, at=utc_now())}
