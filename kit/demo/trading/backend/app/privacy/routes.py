"""Privacy over HTTP."""

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.privacy import service
from backend.app.privacy.redaction import kinds_in, redact

router = APIRouter(prefix="/privacy", tags=["privacy"])
CAN_WRITE = [Depends(require(Permission.ACCOUNT_WRITE))]
CAN_READ = [Depends(require(Permission.ACCOUNT_READ))]
CAN_ERASE = [Depends(require(Permission.PRIVACY_ERASE))]


class Text(BaseModel):
    text: str = Field(max_length=10_000)


class Redacted(BaseModel):
    text: str
    kinds: list[str]


class ConsentAnswer(BaseModel):
    purpose: service.Purpose
    given: bool


@router.post("/redact", dependencies=CAN_READ, summary="Take personal data out of a text")
async def redact_text(request: Text) -> Redacted:
    return Redacted(text=redact(request.text), kinds=kinds_in(request.text))


@router.put("/consents", dependencies=CAN_WRITE, summary="Answer a question of consent")
async def answer(request: ConsentAnswer, caller: Caller, session: Session) -> ConsentAnswer:
    await service.record_consent(session, caller.user_id, request.purpose, given=request.given, at=utc_now())
    return request


@router.get("/consents", dependencies=CAN_READ, summary="What the caller agreed to")
async def consents(caller: Caller, session: Session) -> dict[service.Purpose, bool]:
    return await service.consents(session, caller.user_id, at=utc_now())


@router.post("/erasure", dependencies=CAN_WRITE, summary="Ask for erasure of the caller's account")
async def request_erasure(caller: Caller, session: Session) -> dict[str, datetime]:
    return {"due_at": (await service.request_erasure(session, caller.user_id, at=utc_now())).due_at}


@router.post("/erasure/run", dependencies=CAN_ERASE, summary="Erase the accounts that are due")
async def run_erasure(session: Session) -> dict[str, list[int]]:
    return {"erased": await service.erase_due(session, at=utc_now())}
