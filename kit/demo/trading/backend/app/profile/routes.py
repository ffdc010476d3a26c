"""Profiles and billing over HTTP."""

from datetime import date
from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.profile import service
from backend.app.profile.billing import Cycle, price, proration, tax
from backend.app.quotas.plans import Plan

router = APIRouter(prefix="/profile", tags=["profile"])
CAN_READ_BILLS = [Depends(require(Permission.BILLING_READ))]
CAN_SUBSCRIBE = [Depends(require(Permission.BILLING_WRITE))]
CAN_WRITE = [Depends(require(Permission.ACCOUNT_WRITE))]


class ProfileChange(BaseModel):
    bio: str = Field(default="", max_length=500)
    country: str = Field(pattern=r"^[A-Z]{2}$")
    is_public: bool = False


class QuoteRequest(BaseModel):
    plan: Plan
    cycle: Cycle = Cycle.MONTHLY
    country: str = Field(default="US", pattern=r"^[A-Z]{2}$")


class Quote(BaseModel):
    net: Decimal
    tax: Decimal
    gross: Decimal


class ProrationRequest(BaseModel):
    old: Plan
    new: Plan
    started_on: date
    renews_on: date
    changed_on: date


class SubscriptionRequest(BaseModel):
    plan: Plan
    cycle: Cycle = Cycle.MONTHLY


@router.put("/me", dependencies=CAN_WRITE, summary="Change the caller's profile")
async def edit(change: ProfileChange, caller: Caller, session: Session) -> ProfileChange:
    await service.edit_profile(session, caller.user_id, **change.model_dump())
    return change


@router.post("/quote", dependencies=CAN_READ_BILLS, summary="What a plan costs")
async def quote(request: QuoteRequest) -> Quote:
    net = price(request.plan, request.cycle)
    due = tax(net, request.country)
    return Quote(net=net, tax=due, gross=net + due)


@router.post("/proration", dependencies=CAN_READ_BILLS, summary="What a change of plan costs now")
async def prorate(request: ProrationRequest) -> dict[str, Decimal]:
    due = proration(
        request.old,
        request.new,
        started_on=request.started_on,
        renews_on=request.renews_on,
        changed_on=request.changed_on,
    )
    return {"due": due}


@router.post("/subscription", dependencies=CAN_SUBSCRIBE, summary="Subscribe to a plan")
async def subscribe(request: SubscriptionRequest, caller: Caller, session: Session) -> dict[str, date]:
    made = await service.subscribe(
        session, caller.user_id, request.plan, cycle=request.cycle, on=utc_now().date()
    )
    return {"renews_on": made.renews_on}


@router.delete("/subscription", dependencies=CAN_SUBSCRIBE, summary="Cancel the subscription")
async def cancel(caller: Caller, session: Session) -> dict[str, date]:
    return {"ends_on": await service.cancel(session, caller.user_id, on=utc_now().date())}
