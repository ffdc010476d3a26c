"""Searching, renaming, preferences and watchlists."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

import backend.app.auth.models
from backend.app.core.errors import Conflict, Invalid, NotFound
from backend.app.core.permissions import Role
from backend.app.users import service
from backend.app.users.models import (
    User,
)
from backend.app.users.watchlists import Watchlist
from backend.tests.conftest import MakeUser

pytestmark = pytest.mark.anyio

PEOPLE = [
    ("Ada Byron", Role.TRADER, True),
    ("Bob Under_score", Role.TRADER, False),
    ("Cy Percent", Role.VIEWER, True),
    ("Dee Byron", Role.ANALYST, True),
    ("Eve Support", Role.SUPPORT, False),
]


@pytest.mark.parametrize(
    ("text", "matching"),
    [
        ("", "ABCDE"), ("  ", "ABCDE"), ("byron", "AD"), ("BYRON", "AD"), (" Ada ", "A"), ("ada.byron@", "A"),
        ("@example.com", "ABCDE"), ("_", "B"), ("%", ""), ("\\", ""), ("r_s", "B"), ("nobody", ""), ("e", "ABCDE"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", [None, Role.TRADER, Role.ANALYST, Role.ADMIN])
@pytest.mark.parametrize("active_only", [False, True], ids=["all", "active"])
async def test_search_matches_address_or_name(
    db: AsyncSession, make_user: MakeUser, text: str, matching: str, role: Role | None, active_only: bool
) -> None:
    for name, own_role, active in PEOPLE:
        await make_user(name, own_role, active=active)
    found = await service.search(db, text, role=role, active_only=active_only)
    expected = [
        name
        for name, own_role, active in PEOPLE
        if name[0] in matching and role in {None, own_role} and (active or not active_only)
    ]
    assert [user.display_name for user in found] == expected


@pytest.mark.parametrize("accounts", [0, 1, 19, 20, 21, 45])
@pytest.mark.parametrize("page", [1, 2, 3])
async def test_search_comes_in_pages_of_twenty(db: AsyncSession, accounts: int, page: int) -> None:
    for number in range(accounts):
        db.add(
            backend.app.auth.models.User(
                email=f"{number:02}@example.com",
                display_name=f"No {number}",
                password_hash="!",
                role=Role.VIEWER,
            )
        )
    await db.commit()
    found = await service.search(db, page=page)
    assert [user.email[:2] for user in found] == [f"{number:02}" for number in range(accounts)][
        20 * (page - 1) : 20 * page
    ]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Al", "Al"), ("  Grace   Hopper ", "Grace Hopper"), ("Zoë", "Zoë"), ("x" * 80, "x" * 80), ("O'Neil\tJr", "O'Neil Jr"),
        ("", None), (" ", None), ("A", None), ("  B  ", None), ("x" * 81, None),
    ],
    ids=["short", "spaces", "accent", "longest", "tab", "empty", "blank", "one", "one-padded", "too-long"],
)  # fmt: skip
@pytest.mark.parametrize("role", Role)
async def test_names_are_tidied(
    db: AsyncSession, make_user: MakeUser, written: str, kept: str | None, role: Role
) -> None:
    user = await make_user("Ada", role)
    if kept is None:
        with pytest.raises(Invalid, match="2 to 80 characters"):
            await service.rename(db, user.id, written)
    else:
        await service.rename(db, user.id, written)
        assert await db.scalar(select(User.display_name).where(User.id == user.id)) == kept


@pytest.mark.parametrize("currency", ["USD", "EUR", "GBP", "CHF", "JPY", "usd", "XXX", ""])
@pytest.mark.parametrize("locale", ["en", "de-CH"])
@pytest.mark.parametrize("dark_mode", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("times", [1, 2])
async def test_preferences_are_kept(
    db: AsyncSession, make_user: MakeUser, currency: str, locale: str, dark_mode: bool, times: int
) -> None:
    user = await make_user("Ada")
    for _ in range(times):
        change = service.set_preference(db, user.id, currency=currency, locale=locale, dark_mode=dark_mode)
        if currency in {"USD", "EUR", "GBP", "CHF", "JPY"}:
            kept = await change
            assert (kept.currency, kept.locale, kept.dark_mode) == (currency, locale, dark_mode)
        else:
            with pytest.raises(Invalid, match="unsupported currency"):
                await change


@pytest.mark.parametrize("symbols", [["acme"], ["ACME", "BOLT"], ["btc-usd", "ETH-USD", "X1"]], ids=len)
@pytest.mark.parametrize("name", ["Favourites", "Metals"])
@pytest.mark.parametrize("role", Role)
async def test_watched_symbols_are_listed_in_order(
    db: AsyncSession, make_user: MakeUser, symbols: list[str], name: str, role: Role
) -> None:
    user = await make_user("Ada", role)
    for symbol in symbols:
        watchlist = await service.watch(db, user.id, symbol, name=name)
    assert watchlist.symbols == ",".join(symbols).upper()
    with pytest.raises(Conflict, match="on the list already"):
        await service.watch(db, user.id, symbols[0], name=name)


@pytest.mark.parametrize("symbol", ["", " ", "AC ME", "A,B", "é!", "--"])
@pytest.mark.parametrize("existing", [0, 2])
async def test_what_is_no_symbol_is_not_watched(
    db: AsyncSession, make_user: MakeUser, symbol: str, existing: int
) -> None:
    user = await make_user("Ada")
    for listed in ("ACME", "BOLT")[:existing]:
        await service.watch(db, user.id, listed)
    with pytest.raises(Invalid, match="not a symbol"):
        await service.watch(db, user.id, symbol)


@pytest.mark.parametrize("existing", [0, 24, 25])
async def test_watchlist_holds_twenty_five_symbols(
    db: AsyncSession, make_user: MakeUser, existing: int
) -> None:
    user = await make_user("Ada")
    db.add(Watchlist(user_id=user.id, name="Favourites", symbols=",".join(f"S{n}" for n in range(existing))))
    await db.commit()
    if existing == 25:
        with pytest.raises(Conflict, match="at most 25"):
            await service.watch(db, user.id, "ACME")
    else:
        assert (await service.watch(db, user.id, "ACME")).symbols.count(",") == existing


@pytest.mark.parametrize("lists", [[], ["Favourites"], ["Metals", "Coins"]], ids=len)
@pytest.mark.parametrize("currency", [None, "EUR", "JPY"])
async def test_overview_sums_an_account_up(
    db: AsyncSession, make_user: MakeUser, lists: list[str], currency: str | None
) -> None:
    user = await make_user("Ada")
    for name in lists:
        await service.watch(db, user.id, "ACME", name=name)
    if currency:
        await service.set_preference(db, user.id, currency=currency, locale="en", dark_mode=False)
    db.expunge_all()
    assert await service.overview(db, user.id) == {
        "display_name": "Ada",
        "watchlists": sorted(lists),
        "currency": currency or "USD",
        "follows": 0,
    }


@pytest.mark.parametrize("action", ["get", "rename", "watch", "overview", "preference"])
async def test_unknown_account_is_not_found(db: AsyncSession, action: str) -> None:
    calls = {
        "get": lambda: service.get_account(db, 404),
        "rename": lambda: service.rename(db, 404, "Nobody"),
        "watch": lambda: service.watch(db, 404, "ACME"),
        "overview": lambda: service.overview(db, 404),
        "preference": lambda: service.set_preference(db, 404, currency="USD", locale="en", dark_mode=False),
    }
    with pytest.raises(NotFound, match="no account 404"):
        await calls[action]()
