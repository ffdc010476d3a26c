"""Publishing notes, and the consensus of the desk."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.analyst import service
from backend.app.analyst.signals import Stance
from backend.app.core.errors import Forbidden, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio
PUBLISHING = {Role.ANALYST, Role.ADMIN}
WORDS = {"l": Stance.LONG, "s": Stance.SHORT, "f": Stance.FLAT}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("stance", Stance)
@pytest.mark.parametrize("symbol", ["acme", "BOLT", "btc-usd", "Xau-Usd"])
async def test_roles_that_publish(
    db: AsyncSession, make_user: MakeUser, role: Role, stance: Stance, symbol: str
) -> None:
    author = await make_user("Ada", role)
    publish = service.publish(db, author.id, symbol=symbol, stance=stance, text=" Strong demand. ", at=NOW)
    if role in PUBLISHING:
        note = await publish
        assert (note.symbol, note.stance, note.text) == (symbol.upper(), stance, "Strong demand.")
    else:
        with pytest.raises(Forbidden, match=f"a {role} may not publish"):
            await publish


@pytest.mark.parametrize(
    ("text", "valid"),
    [("", False), ("  \n", False), ("x", True), ("x" * 2000, True), ("x" * 2001, False)],
    ids=["empty", "blank", "one", "longest", "too-long"],
)
@pytest.mark.parametrize("role", sorted(PUBLISHING))
@pytest.mark.parametrize("stance", Stance)
async def test_notes_have_a_length(
    db: AsyncSession, make_user: MakeUser, text: str, valid: bool, role: Role, stance: Stance
) -> None:
    author = await make_user("Ada", role)
    publish = service.publish(db, author.id, symbol="ACME", stance=stance, text=text, at=NOW)
    if valid:
        assert (await publish).text == text
    else:
        with pytest.raises(Invalid, match="1 to 2000 characters"):
            await publish


# Notes as author and stance, oldest first, and the consensus.
@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("", "f"), ("Al", "l"), ("As", "s"), ("Af", "f"),
        ("Al Bs", "f"), ("Al Bl", "l"), ("As Bf", "s"), ("Al Bl Cs", "l"), ("As Bs Cl", "s"), ("Al Bs Cf", "f"),
        ("Al As", "s"), ("As Al", "l"), ("Al Bs Al", "f"), ("Al Bs Bl", "l"), ("Al Al Bs", "f"), ("Al Bl As Bs", "s"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("symbol", ["ACME", "BTC-USD"])
@pytest.mark.parametrize("noise", [False, True], ids=["quiet", "noise"])
async def test_consensus_takes_the_latest_note_of_each_analyst(
    db: AsyncSession, make_user: MakeUser, notes: str, expected: str, symbol: str, noise: bool
) -> None:
    analysts = {initial: await make_user(initial, Role.ANALYST) for initial in "ABC"}
    if noise:
        await service.publish(db, analysts["A"].id, symbol="CRUX", stance=Stance.SHORT, text="Other.", at=NOW)
        old = NOW - timedelta(days=90)
        await service.publish(db, analysts["C"].id, symbol=symbol, stance=Stance.LONG, text="Old.", at=old)
    for minutes, (initial, stance) in enumerate(notes.split()):
        at = NOW + timedelta(minutes=minutes)
        author = analysts[initial].id
        await service.publish(db, author, symbol=symbol, stance=WORDS[stance], text="See chart.", at=at)
    found = await service.consensus(db, symbol.lower(), since=NOW - timedelta(days=30))
    assert found == WORDS[expected]


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("stance", Stance)
@pytest.mark.parametrize("symbol", ["ACME", "BOLT"])
async def test_notes_are_listed_newest_first(
    db: AsyncSession, make_user: MakeUser, count: int, stance: Stance, symbol: str
) -> None:
    author = await make_user("Ada", Role.ANALYST)
    for number in range(count):
        at = NOW + timedelta(hours=number)
        await service.publish(db, author.id, symbol=symbol, stance=stance, text=f"Part {number}.", at=at)
    expected = [("Ada", stance, f"Part {number}.") for number in reversed(range(count))]
    assert await service.notes_on(db, symbol) == expected


@pytest.mark.parametrize("stance", Stance)
async def test_unknown_author_cannot_publish(db: AsyncSession, stance: Stance) -> None:
    with pytest.raises(NotFound, match="no account 404"):
        await service.publish(db, 404, symbol="ACME", stance=stance, text="Who?", at=NOW)
