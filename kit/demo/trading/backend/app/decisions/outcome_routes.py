"""Outcomes over HTTP: what became of decisions."""

from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.decisions import service
from backend.app.decisions.scoring import Outcome, classify, scorecard

router = APIRouter(prefix="/decisions/outcomes", tags=["decisions"])
CAN_READ = [Depends(require(Permission.REPORT_READ))]
CAN_WRITE = [Depends(require(Permission.DECISION_WRITE))]


class Result(BaseModel):
    confidence: int = Field(ge=0, le=100)
    result_percent: Decimal


class ResultList(BaseModel):
    results: list[Result] = Field(max_length=500)


class Summary(BaseModel):
    wins: int
    losses: int
    flats: int
    hit_rate: Decimal | None
    brier: Decimal | None


class ResolveRequest(BaseModel):
    result_percent: Decimal
    lesson: str = Field(default="", max_length=500)


@router.get("/kinds", dependencies=CAN_READ, summary="The kinds of outcome")
async def kinds() -> list[Outcome]:
    return list(Outcome)


@router.post("/classify", dependencies=CAN_READ, summary="The kind of a result")
async def classify_result(result: Result) -> dict[str, Outcome]:
    return {"kind": classify(result.result_percent)}


@router.post("/summary", dependencies=CAN_READ, summary="The scorecard of a list of results")
async def summarise(request: ResultList) -> Summary:
    card = scorecard((result.confidence, result.result_percent) for result in request.results)
    return Summary(
        wins=card.wins, losses=card.losses, flats=card.flats, hit_rate=card.hit_rate, brier=card.brier
    )


@router.post("/{decision_id}", dependencies=CAN_WRITE, summary="Note what became of a decision")
async def resolve(
    decision_id: int, request: ResolveRequest, caller: Caller, session: Session
) -> dict[str, str]:
    outcome = await service.resolve(
        session, caller.user_id, decision_id, request.result_percent, lesson=request.lesson
    )
    return {"kind": outcome.kind}
