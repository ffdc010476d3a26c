"""Copy trading over HTTP."""

from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.copy import service
from backend.app.copy.mirror import mirror_trade
from backend.app.copy.ratios import plan_copy, share
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.errors import NotFound
from backend.app.core.permissions import Permission
from backend.app.paper.models import PaperAccount
from backend.app.paper.sizing import instrument

router = APIRouter(prefix="/copy", tags=["copy"])
CAN_READ = [Depends(require(Permission.ORDER_READ))]
CAN_COPY = [Depends(require(Permission.COPY_WRITE))]


class CopyPreview(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    leader_quantity: Decimal = Field(gt=0)
    leader_equity: Decimal = Field(gt=0)
    capital: Decimal = Field(ge=100)
    multiplier: Decimal = Field(default=Decimal(1), gt=0, le=3)
    price: Decimal = Field(gt=0)


class PlannedCopy(BaseModel):
    quantity: Decimal
    reason: str


class FollowRequest(BaseModel):
    leader_id: int = Field(ge=1)
    capital: Decimal = Field(ge=100, le=1_000_000)
    multiplier: Decimal = Field(default=Decimal(1), gt=0, le=3)


class MirrorRequest(BaseModel):
    trade_id: int = Field(ge=1)
    account_id: int = Field(ge=1)


@router.post("/preview", dependencies=CAN_READ, summary="How a leader's order would be copied")
async def preview(request: CopyPreview) -> PlannedCopy:
    ratio = share(request.capital, request.leader_equity, request.multiplier)
    plan = plan_copy(
        instrument(request.symbol), request.leader_quantity, ratio, price=request.price, cash=request.capital
    )
    return PlannedCopy(quantity=plan.quantity, reason=plan.reason)


@router.post("/follows", dependencies=CAN_COPY, summary="Follow a trader")
async def follow(request: FollowRequest, caller: Caller, session: Session) -> dict[str, int]:
    entry = await service.follow(session, caller.user_id, **request.model_dump())
    return {"id": entry.id}


@router.delete("/follows/{leader_id}", dependencies=CAN_COPY, summary="Stop following a trader")
async def leave(leader_id: int, caller: Caller, session: Session) -> dict[str, int]:
    await service.leave(session, caller.user_id, leader_id)
    return {"left": leader_id}


@router.get("/leaderboard", dependencies=CAN_READ, summary="The most followed traders")
async def leaderboard(session: Session) -> list[tuple[str, int, Decimal]]:
    return await service.leaderboard(session)


@router.post("/mirror", dependencies=CAN_COPY, summary="Copy one of the caller's fills to the followers")
async def mirror(request: MirrorRequest, caller: Caller, session: Session) -> dict[str, int]:
    account = await session.get(PaperAccount, request.account_id)
    if account is None or account.owner_id != caller.user_id:
        raise NotFound(f"no paper account {request.account_id}")
    return {"copies": await mirror_trade(session, request.trade_id, account)}
