"""Reading and changing accounts."""

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from backend.app.core.errors import Invalid, NotFound
from backend.app.core.permissions import Role

from .models import User
from .watchlists import Preference, Watchlist, add_symbol

CURRENCIES = frozenset({"USD", "EUR", "GBP", "CHF", "JPY"})
PAGE_SIZE = 20


async def get_account(session: AsyncSession, user_id: int) -> User:
    account = await session.get(User, user_id)
    if account is None:
        raise NotFound(f"no account {user_id}")
    return account


async def search(
    session: AsyncSession,
    text: str = "",
    *,
    role: Role | None = None,
    active_only: bool = False,
    page: int = 1,
) -> list[User]:
    """Accounts whose address or name contains the text, by address, a page at a time."""
    query = select(User).order_by(User.email).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    if text := text.strip().lower():
        pattern = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(
            or_(
                User.email.like(pattern, escape="\\"),
                func.lower(User.display_name).like(pattern, escape="\\"),
            )
        )
    if role is not None:
        query = query.where(User.role == role)
    if active_only:
        query = query.where(User.is_active)
    return list(await session.scalars(query))


async def rename(session: AsyncSession, user_id: int, display_name: str) -> User:
    name = " ".join(display_name.split())
    if not 2 <= len(name) <= 80:
        raise Invalid("a display name has 2 to 80 characters")
    account = await get_account(session, user_id)
    account.display_name = name
    await session.commit()
    return account


async def set_preference(
    session: AsyncSession, user_id: int, *, currency: str, locale: str, dark_mode: bool
) -> Preference:
    if currency not in CURRENCIES:
        raise Invalid(f"unsupported currency {currency!r}")
    await get_account(session, user_id)
    preference = await session.merge(
        Preference(user_id=user_id, currency=currency, locale=locale, dark_mode=dark_mode)
    )
    await session.commit()
    return preference


async def watch(session: AsyncSession, user_id: int, symbol: str, *, name: str = "Favourites") -> Watchlist:
    """Put a symbol on a watchlist, which is made when it is missing."""
    query = select(Watchlist).where(Watchlist.user_id == user_id, Watchlist.name == name)
    watchlist = await session.scalar(query)
    if watchlist is None:
        await get_account(session, user_id)
        watchlist = Watchlist(user_id=user_id, name=name, symbols="")
        session.add(watchlist)
    watchlist.symbols = add_symbol(watchlist.symbols, symbol)
    await session.commit()
    return watchlist


async def overview(session: AsyncSession, user_id: int) -> dict[str, object]:
    """What the account page shows: names of watchlists, the preferred currency, how many traders are followed."""
    account = await session.scalar(
        select(User)
        .where(User.id == user_id)
        .options(selectinload(User.watchlists), selectinload(User.preference), selectinload(User.follows))
    )
    if account is None:
        raise NotFound(f"no account {user_id}")
    return {
        "display_name": account.display_name,
        "watchlists": [watchlist.name for watchlist in account.watchlists],
        "currency": account.preference.currency if account.preference else "USD",
        "follows": len(account.follows),
    }
