"""Support tools over HTTP."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.admin import service
from backend.app.admin.audit import entries
from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import GRANTED, Permission, Role, may_administer

router = APIRouter(prefix="/admin", tags=["admin"])
CAN_AUDIT = [Depends(require(Permission.AUDIT_READ))]
CAN_SUSPEND = [Depends(require(Permission.ACCOUNT_SUSPEND))]
CAN_GRANT = [Depends(require(Permission.ROLE_GRANT))]


class SuspendRequest(BaseModel):
    reason: str = Field(min_length=5, max_length=400)


class RoleChange(BaseModel):
    role: Role


class Administers(BaseModel):
    actor: Role
    target: Role


@router.get("/roles/{role}", dependencies=CAN_AUDIT, summary="What a role may do")
async def permissions_of(role: Role) -> list[str]:
    return sorted(GRANTED[role])


@router.post("/administers", dependencies=CAN_AUDIT, summary="Whether one role looks after another")
async def administers(request: Administers) -> dict[str, bool]:
    return {"allowed": may_administer(request.actor, request.target)}


@router.post("/users/{user_id}/suspend", dependencies=CAN_SUSPEND, summary="Suspend an account")
async def suspend(user_id: int, request: SuspendRequest, caller: Caller, session: Session) -> dict[str, bool]:
    account = await service.suspend(session, caller.user_id, user_id, reason=request.reason, at=utc_now())
    return {"active": account.is_active}


@router.put("/users/{user_id}/role", dependencies=CAN_GRANT, summary="Change an account's main role")
async def change_role(user_id: int, change: RoleChange, caller: Caller, session: Session) -> dict[str, Role]:
    account = await service.change_role(session, caller.user_id, user_id, change.role, at=utc_now())
    return {"role": account.role}


@router.get("/audit", dependencies=CAN_AUDIT, summary="The audit trail")
async def audit(session: Session, subject_id: int | None = None, prefix: str = "") -> list[dict[str, str]]:
    found = await entries(session, subject_id=subject_id, prefix=prefix)
    return [{"action": entry.action, "detail": entry.detail} for entry in found]
