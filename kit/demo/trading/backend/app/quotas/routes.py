"""Quotas over HTTP."""

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.quotas import service
from backend.app.quotas.plans import LIMITS, Operation, Plan, smallest_plan_for
from backend.app.quotas.windows import Window, seconds_until_reset, window_at

router = APIRouter(prefix="/quotas", tags=["quotas"])
CAN_READ = [Depends(require(Permission.QUOTA_READ))]
CAN_OVERRIDE = [Depends(require(Permission.QUOTA_OVERRIDE))]


class WindowRequest(BaseModel):
    window: Window
    at: datetime


class WindowAnswer(BaseModel):
    start: datetime
    end: datetime
    seconds_left: int


class PlanRequest(BaseModel):
    operation: Operation
    per_day: int = Field(ge=1, le=100_000)


class OverrideRequest(BaseModel):
    user_id: int = Field(ge=1)
    operation: Operation
    limit: int = Field(ge=0, le=1_000_000)
    reason: str = Field(min_length=5, max_length=200)


@router.get("/plans", dependencies=CAN_READ, summary="All plans and their limits")
async def plans() -> dict[Plan, dict[Operation, int | None]]:
    return LIMITS


@router.post("/window", dependencies=CAN_READ, summary="The usage window at a moment")
async def window(request: WindowRequest) -> WindowAnswer:
    span = window_at(request.window, request.at)
    return WindowAnswer(
        start=span.start, end=span.end, seconds_left=seconds_until_reset(request.window, request.at)
    )


@router.post("/advice", dependencies=CAN_READ, summary="The smallest plan that is enough")
async def advice(request: PlanRequest) -> dict[str, Plan | None]:
    return {"plan": smallest_plan_for(request.operation, request.per_day)}


@router.get("/usage/{operation}", dependencies=CAN_READ, summary="The caller's usage today")
async def usage(operation: Operation, caller: Caller, session: Session) -> dict[str, int]:
    counted = await service.usage(session, caller.user_id, operation, at=utc_now())
    return {"used": counted.used if counted else 0}


@router.put("/override", dependencies=CAN_OVERRIDE, summary="Set another limit for an account")
async def override(request: OverrideRequest, session: Session) -> dict[str, int]:
    entry = await service.override(
        session, request.user_id, request.operation, request.limit, reason=request.reason
    )
    return {"limit": entry.limit}
