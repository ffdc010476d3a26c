"""Queueing and producing exports."""

import json
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Conflict, Forbidden, NotFound
from backend.app.core.permissions import Role
from backend.app.exports import service
from backend.app.exports.formats import Format
from backend.app.exports.schemas import Dataset
from backend.app.paper.fills import Quote, Side
from backend.app.paper.service import open_account, place_order
from backend.app.users.service import watch
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio
EXPORTING = {Role.TRADER, Role.ANALYST, Role.ADMIN}


async def fill(db: AsyncSession, user: User, rows: int) -> None:
    """As many trades, positions and watchlists."""
    account = await open_account(db, user.id, "main")
    quote = Quote(Decimal("99.5"), Decimal("100.5"), Decimal(100_000))
    for symbol in ("ACME", "BOLT", "CRUX")[:rows]:
        await place_order(
            db, account, symbol=symbol, side=Side.BUY, quantity=Decimal(1000 if symbol == "CRUX" else 10),
            quote=quote if symbol != "CRUX" else Quote(Decimal("0.01"), Decimal("0.02"), Decimal(100_000)), at=NOW,
        )  # fmt: skip
        await watch(db, user.id, symbol, name=f"with {symbol}")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("dataset", Dataset)
@pytest.mark.parametrize("format", Format)
async def test_roles_that_may_export(
    db: AsyncSession, make_user: MakeUser, role: Role, dataset: Dataset, format: Format
) -> None:
    user = await make_user("Ada", role)
    if role in EXPORTING:
        job = await service.queue(db, user.id, dataset, format, at=NOW)
        assert (job.status, job.dataset, job.format, job.content) == ("queued", dataset, format, "")
    else:
        with pytest.raises(Forbidden, match=f"a {role} may not export"):
            await service.queue(db, user.id, dataset, format, at=NOW)


@pytest.mark.parametrize("dataset", Dataset)
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("rows", [0, 1, 3])
async def test_produced_file_has_a_record_for_each_row(
    db: AsyncSession, trader: User, dataset: Dataset, format: Format, rows: int
) -> None:
    await fill(db, trader, rows)
    job = await service.produce(db, await service.queue(db, trader.id, dataset, format, at=NOW))
    lines = job.content.splitlines()
    counted = {
        Format.CSV: max(len(lines) - 1, 0),
        Format.NDJSON: len(lines),
        Format.JSON: len(json.loads(job.content)) if format is Format.JSON else 0,
    }
    assert (job.status, counted[format]) == ("done", rows)


@pytest.mark.parametrize("dataset", Dataset)
@pytest.mark.parametrize("rows", [1, 2])
async def test_export_holds_only_the_own_rows(
    db: AsyncSession, make_user: MakeUser, dataset: Dataset, rows: int
) -> None:
    ada, bob = await make_user("Ada"), await make_user("Bob")
    await fill(db, ada, rows)
    await fill(db, bob, 3)
    job = await service.produce(db, await service.queue(db, ada.id, dataset, Format.JSON, at=NOW))
    assert len(json.loads(job.content)) == rows


@pytest.mark.parametrize("first", Dataset)
@pytest.mark.parametrize("second", Dataset)
@pytest.mark.parametrize("format", Format)
async def test_one_queued_export_for_each_data_set(
    db: AsyncSession, trader: User, first: Dataset, second: Dataset, format: Format
) -> None:
    await service.queue(db, trader.id, first, Format.CSV, at=NOW)
    if first is second:
        with pytest.raises(Conflict, match=f"an export of {first} is queued already"):
            await service.queue(db, trader.id, second, format, at=NOW)
    else:
        assert (await service.queue(db, trader.id, second, format, at=NOW)).dataset == second


@pytest.mark.parametrize("dataset", Dataset)
@pytest.mark.parametrize("format", Format)
async def test_finished_export_makes_room_and_is_not_made_again(
    db: AsyncSession, trader: User, dataset: Dataset, format: Format
) -> None:
    job = await service.produce(db, await service.queue(db, trader.id, dataset, format, at=NOW))
    with pytest.raises(Conflict, match="the export is done"):
        await service.produce(db, job)
    assert (await service.queue(db, trader.id, dataset, format, at=NOW)).id != job.id


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("dataset", Dataset)
async def test_exports_of_others_are_not_found(
    db: AsyncSession, make_user: MakeUser, role: Role, dataset: Dataset
) -> None:
    ada, other = await make_user("Ada"), await make_user("Bob", role)
    job = await service.queue(db, ada.id, dataset, Format.CSV, at=NOW)
    assert await service.job_of(db, ada.id, job.id) is job
    with pytest.raises(NotFound, match="no export"):
        await service.job_of(db, other.id, job.id)
