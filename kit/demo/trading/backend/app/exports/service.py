"""Queueing and producing exports."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.core.errors import Conflict, Forbidden, NotFound
from backend.app.core.permissions import Permission, allowed
from backend.app.exports.formats import Format, render
from backend.app.exports.models import ExportJob
from backend.app.exports.schemas import Dataset
from backend.app.paper.models import PaperAccount, PaperOrder, PaperTrade, Position
from backend.app.users.models import User
from backend.app.users.watchlists import Watchlist


def rows_of(dataset: Dataset, user_id: int) -> Select[Any]:
    """The query behind a data set."""
    match dataset:
        case Dataset.TRADES:
            return (
                select(
                    PaperOrder.symbol, PaperOrder.side, PaperTrade.quantity, PaperTrade.price, PaperTrade.fee
                )
                .join_from(PaperTrade, PaperOrder)
                .join(PaperAccount, PaperAccount.id == PaperOrder.account_id)
                .where(PaperAccount.owner_id == user_id)
                .order_by(PaperTrade.id)
            )
        case Dataset.POSITIONS:
            return (
                select(Position.symbol, Position.quantity, Position.average_price, Position.realised)
                .join_from(Position, PaperAccount)
                .where(PaperAccount.owner_id == user_id)
                .order_by(Position.symbol)
            )
        case Dataset.WATCHLISTS:
            return (
                select(Watchlist.name, Watchlist.symbols)
                .where(Watchlist.user_id == user_id)
                .order_by(Watchlist.name)
            )


async def queue(
    session: AsyncSession, user_id: int, dataset: Dataset, format: Format, *, at: datetime
) -> ExportJob:
    """Ask for an export. One at a time for each data set."""
    account = await session.get(User, user_id)
    if account is None:
        raise NotFound(f"no account {user_id}")
    if not allowed(account.role, Permission.EXPORT_CREATE):
        raise Forbidden(f"a {account.role} may not export")
    waiting = await session.scalar(
        select(ExportJob.id).where(
            ExportJob.requested_by_id == user_id, ExportJob.dataset == dataset, ExportJob.status == "queued"
        )
    )
    if waiting is not None:
        raise Conflict(f"an export of {dataset} is queued already")
    job = ExportJob(requested_by_id=user_id, dataset=dataset, format=format, requested_at=at)
    session.add(job)
    await session.commit()
    return job


async def produce(session: AsyncSession, job: ExportJob) -> ExportJob:
    """Write the file of a queued export."""
    if job.status != "queued":
        raise Conflict(f"the export is {job.status}")
    rows = (await session.execute(rows_of(Dataset(job.dataset), job.requested_by_id))).mappings()
    job.content = render((dict(row) for row in rows), Format(job.format))
    job.status = "done"
    await session.commit()
    return job


async def job_of(session: AsyncSession, user_id: int, job_id: int) -> ExportJob:
    job = await session.get(ExportJob, job_id)
    if job is None or job.requested_by_id != user_id:
        raise NotFound(f"no export {job_id}")
    return job
