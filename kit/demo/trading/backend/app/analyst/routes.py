"""The analyst desk over HTTP."""

from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.analyst import service
from backend.app.analyst.indicators import exponential_average, momentum, relative_strength, simple_average
from backend.app.analyst.signals import Stance
from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission

router = APIRouter(prefix="/analyst", tags=["analyst"])
CAN_READ = [Depends(require(Permission.REPORT_READ))]
CAN_PUBLISH = [Depends(require(Permission.NOTE_PUBLISH))]


class Series(BaseModel):
    prices: list[Decimal] = Field(min_length=2, max_length=1000)
    period: int = Field(ge=1, le=250)


class Indicators(BaseModel):
    simple: Decimal
    exponential: Decimal
    momentum: Decimal
    strength: Decimal


class NoteRequest(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    stance: Stance
    text: str = Field(min_length=1, max_length=2000)


@router.post("/indicators", dependencies=CAN_READ, summary="Indicators of a price series")
async def indicators(series: Series) -> Indicators:
    return Indicators(
        simple=simple_average(series.prices, series.period),
        exponential=exponential_average(series.prices, series.period),
        momentum=momentum(series.prices, series.period),
        strength=relative_strength(series.prices, series.period),
    )


@router.post("/notes", dependencies=CAN_PUBLISH, summary="Publish a note")
async def publish(request: NoteRequest, caller: Caller, session: Session) -> dict[str, int]:
    note = await service.publish(session, caller.user_id, **request.model_dump(), at=utc_now())
    return {"id": note.id}


@router.get("/notes/{symbol}", dependencies=CAN_READ, summary="Notes on a symbol")
async def notes(symbol: str, session: Session) -> list[tuple[str, str, str]]:
    return await service.notes_on(session, symbol)
