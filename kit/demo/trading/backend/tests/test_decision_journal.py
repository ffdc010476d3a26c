"""The decision journal."""

from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.auth.models import User
from backend.app.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.decisions import service
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio

SYMBOLS = ["ACME", "BOLT", "CRUX", "BTC-USD"]
THESIS = "Earnings beat twice, and the sector lags."
WRITING = {Role.TRADER, Role.ANALYST, Role.ADMIN}


async def decide(db: AsyncSession, author: User, symbol: str = "ACME", confidence: int = 60) -> int:
    made = await service.record(db, author.id, symbol=symbol, thesis=THESIS, confidence=confidence, at=NOW)
    return made.id


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("confidence", [0, 55, 100])
async def test_roles_that_keep_a_journal(
    db: AsyncSession, make_user: MakeUser, role: Role, symbol: str, confidence: int
) -> None:
    author = await make_user("Ada", role)
    record = service.record(
        db, author.id, symbol=symbol.lower(), thesis=f"  {THESIS}\n", confidence=confidence, at=NOW
    )
    if role in WRITING:
        made = await record
        assert (made.symbol, made.thesis, made.confidence) == (symbol, THESIS, confidence)
    else:
        with pytest.raises(Forbidden, match=f"a {role} keeps no journal"):
            await record


@pytest.mark.parametrize(
    ("confidence", "thesis", "symbol", "message"),
    [
        (-1, THESIS, "ACME", "confidence"),
        (101, THESIS, "ACME", "confidence"),
        (50, "", "ACME", "at least 20 characters"),
        (50, "too short a thesis", "ACME", "at least 20 characters"),
        (50, "a          b        c", "ACME", "at least 20 characters"),
        (50, THESIS, "ACNE", "unknown symbol"),
        (50, THESIS, "", "unknown symbol"),
    ],
)
@pytest.mark.parametrize("role", sorted(WRITING))
async def test_incomplete_decisions_are_invalid(
    db: AsyncSession, make_user: MakeUser, confidence: int, thesis: str, symbol: str, message: str, role: Role
) -> None:
    author = await make_user("Ada", role)
    with pytest.raises(Invalid, match=message):
        await service.record(db, author.id, symbol=symbol, thesis=thesis, confidence=confidence, at=NOW)


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("-30", "loss"), ("-0.26", "loss"), ("-0.25", "flat"), ("-0.01", "flat"), ("0", "flat"),
        ("0.25", "flat"), ("0.26", "win"), ("4.5", "win"), ("120", "win"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("symbol", SYMBOLS)
async def test_result_decides_the_kind(
    db: AsyncSession, trader: User, result: str, kind: str, symbol: str
) -> None:
    outcome = await service.resolve(
        db, trader.id, await decide(db, trader, symbol), Decimal(result), lesson=" wait "
    )
    assert (outcome.kind, outcome.result_percent, outcome.lesson) == (kind, Decimal(result), "wait")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("result", ["-2", "0", "2"])
async def test_only_the_author_resolves(
    db: AsyncSession, make_user: MakeUser, role: Role, result: str
) -> None:
    ada, other = await make_user("Ada"), await make_user("Bob", role)
    decision = await decide(db, ada)
    with pytest.raises(Forbidden, match="only the author"):
        await service.resolve(db, other.id, decision, Decimal(result))


@pytest.mark.parametrize("first", ["-2", "0", "2"])
@pytest.mark.parametrize("second", ["-2", "0", "2"])
async def test_decision_is_resolved_once(db: AsyncSession, trader: User, first: str, second: str) -> None:
    decision = await decide(db, trader)
    await service.resolve(db, trader.id, decision, Decimal(first))
    with pytest.raises(Conflict, match="resolved already"):
        await service.resolve(db, trader.id, decision, Decimal(second))


@pytest.mark.parametrize("wins", [0, 1, 3])
@pytest.mark.parametrize("losses", [0, 1, 2])
@pytest.mark.parametrize("flats", [0, 2])
@pytest.mark.parametrize("unresolved", [0, 1])
async def test_scorecard_counts_resolved_decisions(
    db: AsyncSession, trader: User, wins: int, losses: int, flats: int, unresolved: int
) -> None:
    for result, count in (("3", wins), ("-3", losses), ("0", flats)):
        for _ in range(count):
            await service.resolve(db, trader.id, await decide(db, trader), Decimal(result))
    for _ in range(unresolved):
        await decide(db, trader)
    card = await service.score(db, trader.id)
    assert (card.wins, card.losses, card.flats) == (wins, losses, flats)
    decided = wins + losses
    assert card.hit_rate == (round(Decimal(wins) * 100 / decided, 2) if decided else None)


@pytest.mark.parametrize("symbol", SYMBOLS)
@pytest.mark.parametrize("wanted", SYMBOLS)
async def test_scorecard_of_one_symbol(db: AsyncSession, trader: User, symbol: str, wanted: str) -> None:
    await service.resolve(db, trader.id, await decide(db, trader, symbol), Decimal(5))
    card = await service.score(db, trader.id, symbol=wanted.lower())
    assert card.wins == int(symbol == wanted)


@pytest.mark.parametrize("action", ["record", "resolve"])
async def test_what_does_not_exist_is_not_found(db: AsyncSession, trader: User, action: str) -> None:
    with pytest.raises(NotFound, match="404"):
        if action == "record":
            await service.record(db, 404, symbol="ACME", thesis=THESIS, confidence=50, at=NOW)
        else:
            await service.resolve(db, trader.id, 404, Decimal(1))
