"""Paper trading over HTTP."""

from decimal import Decimal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import select

from backend.app.core.clock import utc_now
from backend.app.core.dependencies import Caller, Session, load_account, require
from backend.app.core.errors import NotFound
from backend.app.core.permissions import Permission
from backend.app.paper import service
from backend.app.paper.fees import fee
from backend.app.paper.fills import Quote, Side
from backend.app.paper.models import PaperAccount
from backend.app.paper.risk import Candidate, violations
from backend.app.paper.sizing import by_cash, by_risk, instrument
from backend.app.quotas.plans import Plan

router = APIRouter(prefix="/paper", tags=["paper"])
CAN_READ = [Depends(require(Permission.ORDER_READ))]
CAN_TRADE = [Depends(require(Permission.ORDER_WRITE))]


class CashSizing(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    cash: Decimal = Field(ge=0, le=1_000_000_000)
    price: Decimal = Field(gt=0)


class RiskSizing(BaseModel):
    symbol: str = Field(min_length=1, max_length=15)
    equity: Decimal = Field(gt=0)
    risk_percent: Decimal = Field(gt=0, le=10)
    entry: Decimal = Field(gt=0)
    stop: Decimal = Field(gt=0)


class FeeRequest(BaseModel):
    value: Decimal = Field(ge=0, le=1_000_000_000)
    plan: Plan
    taker: bool = True


class RiskCheck(BaseModel):
    side: Side
    quantity: Decimal = Field(gt=0)
    price: Decimal = Field(gt=0)
    last_price: Decimal = Field(gt=0)
    equity: Decimal
    exposure: Decimal = Decimal(0)


class AccountRequest(BaseModel):
    name: str = Field(min_length=1, max_length=60)
    cash: Decimal = Field(default=service.OPENING_CASH, gt=0, le=10_000_000)


class OrderRequest(BaseModel):
    account_id: int = Field(ge=1)
    symbol: str = Field(min_length=1, max_length=15)
    side: Side
    quantity: Decimal = Field(gt=0)
    bid: Decimal = Field(gt=0)
    ask: Decimal = Field(gt=0)
    size: Decimal = Field(gt=0)
    limit_price: Decimal | None = Field(default=None, gt=0)


class OrderAnswer(BaseModel):
    id: int
    status: str
    executed: Decimal


@router.post("/size/cash", dependencies=CAN_READ, summary="The largest order that cash buys")
async def size_by_cash(request: CashSizing) -> dict[str, Decimal]:
    return {"quantity": by_cash(instrument(request.symbol), request.cash, request.price)}


@router.post("/size/risk", dependencies=CAN_READ, summary="The order that risks a share of the equity")
async def size_by_risk(request: RiskSizing) -> dict[str, Decimal]:
    target = instrument(request.symbol)
    return {"quantity": by_risk(target, request.equity, request.risk_percent, request.entry, request.stop)}


@router.post("/fees", dependencies=CAN_READ, summary="What a fill of a value costs")
async def fees(request: FeeRequest) -> dict[str, Decimal]:
    return {"fee": fee(request.value, request.plan, taker=request.taker)}


@router.post("/risk", dependencies=CAN_READ, summary="The risk rules that an order would break")
async def risk(request: RiskCheck) -> dict[str, list[str]]:
    order = Candidate(request.side, request.quantity, request.price, request.last_price)
    return {"violations": violations(order, equity=request.equity, exposure=request.exposure)}


@router.post("/accounts", dependencies=CAN_TRADE, summary="Open a paper account")
async def open_account(request: AccountRequest, caller: Caller, session: Session) -> dict[str, int]:
    owner = await load_account(session, caller)
    account = await service.open_account(session, owner.id, request.name, cash=request.cash)
    return {"id": account.id}


@router.get("/accounts", dependencies=CAN_READ, summary="The caller's paper accounts")
async def list_accounts(caller: Caller, session: Session) -> list[dict[str, str]]:
    found = await session.scalars(select(PaperAccount).where(PaperAccount.owner_id == caller.user_id))
    return [{"name": account.name, "cash": f"{account.cash:.2f}"} for account in found]


@router.post("/orders", dependencies=CAN_TRADE, summary="Place an order on paper")
async def place_order(request: OrderRequest, caller: Caller, session: Session) -> OrderAnswer:
    account = await session.get(PaperAccount, request.account_id)
    if account is None or account.owner_id != caller.user_id:
        raise NotFound(f"no paper account {request.account_id}")
    order = await service.place_order(
        session,
        account,
        symbol=request.symbol,
        side=request.side,
        quantity=request.quantity,
        quote=Quote(request.bid, request.ask, request.size),
        limit_price=request.limit_price,
        at=utc_now(),
    )
    executed = sum((trade.quantity for trade in order.trades), Decimal(0))
    return OrderAnswer(id=order.id, status=order.status, executed=executed)


@router.delete("/orders/{order_id}", dependencies=CAN_TRADE, summary="Cancel an open order")
async def cancel_order(order_id: int, session: Session) -> dict[str, str]:
    return {"status": (await service.cancel_order(session, order_id)).status}
