"""Reports over HTTP."""

from datetime import date
from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, require
from backend.app.core.permissions import Permission
from backend.app.paper.fills import Side
from backend.app.reports import service
from backend.app.reports.pnl import TradeLine, drawdown, summarise
from backend.app.reports.ranges import Preset, resolve, split_by_month

router = APIRouter(prefix="/reports", tags=["reports"])
CAN_READ = [Depends(require(Permission.REPORT_READ))]


class RangeRequest(BaseModel):
    preset: Preset
    today: date


class RangeAnswer(BaseModel):
    first: date
    last: date
    trading_days: int
    months: int


class Trade(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    side: Side
    quantity: Decimal = Field(gt=0)
    price: Decimal = Field(gt=0)
    fee: Decimal = Field(default=Decimal(0), ge=0)


class PnlRequest(BaseModel):
    trades: list[Trade] = Field(max_length=1000)


class PnlAnswer(BaseModel):
    net: Decimal
    fees: Decimal
    realised: dict[str, Decimal]
    open: dict[str, Decimal]


class DrawdownRequest(BaseModel):
    equity: list[Decimal] = Field(min_length=1, max_length=1000)


@router.post("/range", dependencies=CAN_READ, summary="The days that a preset means")
async def date_range(request: RangeRequest) -> RangeAnswer:
    span = resolve(request.preset, request.today)
    return RangeAnswer(
        first=span.first, last=span.last, trading_days=span.trading_days, months=len(split_by_month(span))
    )


@router.post("/pnl", dependencies=CAN_READ, summary="Profit and loss of a list of trades")
async def profit_and_loss(request: PnlRequest) -> PnlAnswer:
    summary = summarise(TradeLine(**trade.model_dump()) for trade in request.trades)
    return PnlAnswer(net=summary.net, fees=summary.fees, realised=summary.realised, open=summary.open)


@router.post("/drawdown", dependencies=CAN_READ, summary="The deepest fall of an equity curve")
async def deepest_fall(request: DrawdownRequest) -> dict[str, Decimal]:
    return {"percent": drawdown(request.equity)}


@router.post("/runs/{preset}", dependencies=CAN_READ, summary="Make a report")
async def run(preset: Preset, caller: Caller, session: Session) -> dict[str, Decimal]:
    report = await service.run_report(session, caller.user_id, preset, today=utc_now().date())
    return {"net": report.net}


@router.get("/runs/{preset}", dependencies=CAN_READ, summary="The latest report of a kind")
async def latest(preset: Preset, caller: Caller, session: Session) -> dict[str, Decimal]:
    return {"net": (await service.latest(session, caller.user_id, preset)).net}
