"""Accounts over HTTP."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission, Role
from backend.app.users import service

from .models import User

router = APIRouter(prefix="/users", tags=["users"])
CAN_READ = [Depends(require(Permission.ACCOUNT_READ))]
CAN_WRITE = [Depends(require(Permission.ACCOUNT_WRITE))]


class Account(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    display_name: str
    role: Role
    is_active: bool


class Rename(BaseModel):
    display_name: str = Field(min_length=2, max_length=80)


class PreferenceChange(BaseModel):
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    locale: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    dark_mode: bool = False


class WatchRequest(BaseModel):
    symbol: str = Field(min_length=1, max_length=15, pattern=r"^[A-Za-z0-9-]+$")
    name: str = Field(default="Favourites", min_length=1, max_length=60)


def as_account(user: User) -> Account:
    return Account.model_validate(user)


@router.get("/{user_id}", dependencies=CAN_READ, summary="One account")
async def read_account(user_id: int, session: Session) -> Account:
    return as_account(await service.get_account(session, user_id))


@router.get("", dependencies=CAN_READ, summary="Search accounts")
async def search_accounts(session: Session, text: str = "", page: int = 1) -> list[Account]:
    return [as_account(user) for user in await service.search(session, text, page=page)]


@router.put("/me/name", dependencies=CAN_WRITE, summary="Change the caller's name")
async def rename(change: Rename, caller: Caller, session: Session) -> Account:
    return as_account(await service.rename(session, caller.user_id, change.display_name))


@router.put("/me/preferences", dependencies=CAN_WRITE, summary="Change the caller's preferences")
async def set_preferences(change: PreferenceChange, caller: Caller, session: Session) -> PreferenceChange:
    await service.set_preference(session, caller.user_id, **change.model_dump())
    return change


@router.post("/me/watchlist", dependencies=CAN_WRITE, summary="Watch a symbol")
async def watch(request: WatchRequest, caller: Caller, session: Session) -> dict[str, str]:
    watchlist = await service.watch(session, caller.user_id, request.symbol, name=request.name)
    return {"name": watchlist.name, "symbols": watchlist.symbols}
