"""What an account watches, and how it likes to see it."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.database import Base
from backend.app.core.errors import Conflict, Invalid
from backend.app.users.models import User

MAXIMUM_SYMBOLS = 25


class Watchlist(Base):
    __tablename__ = "watchlists"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    symbols: Mapped[str] = mapped_column(String(400), default="")

    owner: Mapped[User] = relationship(User, back_populates="watchlists")


class Preference(Base):
    __tablename__ = "preferences"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    locale: Mapped[str] = mapped_column(String(8), default="en")
    dark_mode: Mapped[bool] = mapped_column(default=False)


def add_symbol(symbols: str, symbol: str) -> str:
    """A comma-separated list with one symbol more. Raises Conflict when it is there or the list is full."""
    listed = [entry for entry in symbols.split(",") if entry]
    symbol = symbol.strip().upper()
    if not symbol.replace("-", "").isalnum():
        raise Invalid(f"not a symbol: {symbol!r}")
    if symbol in listed:
        raise Conflict(f"{symbol} is on the list already")
    if len(listed) >= MAXIMUM_SYMBOLS:
        raise Conflict(f"a watchlist holds at most {MAXIMUM_SYMBOLS} symbols")
    return ",".join([*listed, symbol])
