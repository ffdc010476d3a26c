"""The journal over HTTP."""

from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.decisions import service
from backend.app.decisions.scoring import Outcome, brier

router = APIRouter(prefix="/decisions", tags=["decisions"])
CAN_READ = [Depends(require(Permission.REPORT_READ))]
CAN_WRITE = [Depends(require(Permission.DECISION_WRITE))]


class DecisionRequest(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    thesis: str = Field(min_length=20, max_length=1000)
    confidence: int = Field(ge=0, le=100)


class BrierRequest(BaseModel):
    confidence: int = Field(ge=0, le=100)
    outcome: Outcome


@router.post("", dependencies=CAN_WRITE, summary="Write a decision down")
async def record(request: DecisionRequest, caller: Caller, session: Session) -> dict[str, int]:
    decision = await service.record(session, caller.user_id, **request.model_dump(), at=utc_now())
    return {"id": decision.id}


@router.post("/brier", dependencies=CAN_READ, summary="The Brier score of one decision")
async def brier_score(request: BrierRequest) -> dict[str, Decimal]:
    return {"brier": brier(request.confidence, request.outcome)}


@router.get("/score", dependencies=CAN_READ, summary="The caller's scorecard")
async def score(caller: Caller, session: Session, symbol: str | None = None) -> dict[str, int]:
    card = await service.score(session, caller.user_id, symbol=symbol)
    return {"wins": card.wins, "losses": card.losses, "flats": card.flats}
