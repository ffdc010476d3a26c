"""Paper accounts, orders, trades and positions.

Orders belong to an account, accounts to a user; the owner is always auth's (the slim one in
backend.app.users.models has no paper_accounts).
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class PaperAccount(Base):
    __tablename__ = "paper_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    cash: Mapped[Decimal]

    owner: Mapped["User"] = relationship("User", back_populates="paper_accounts")
    positions: Mapped[list["Position"]] = relationship("Position", back_populates="account")


class PaperOrder(Base):
    __tablename__ = "paper_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("paper_accounts.id"), index=True)
    symbol: Mapped[str] = mapped_column(String(15))
    side: Mapped[str] = mapped_column(String(4))
    kind: Mapped[str] = mapped_column(String(8))
    quantity: Mapped[Decimal]
    limit_price: Mapped[Decimal | None]
    status: Mapped[str] = mapped_column(String(12), default="open")
    placed_at: Mapped[datetime] = mapped_column(default=utc_now)

    trades: Mapped[list["PaperTrade"]] = relationship("PaperTrade", back_populates="order")


class PaperTrade(Base):
    """One execution of an order."""

    __tablename__ = "paper_trades"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("paper_orders.id"), index=True)
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]
    fee: Mapped[Decimal]
    executed_at: Mapped[datetime] = mapped_column(default=utc_now)

    order: Mapped["PaperOrder"] = relationship("PaperOrder", back_populates="trades")


class Position(Base):
    __tablename__ = "positions"
    __table_args__ = (UniqueConstraint("account_id", "symbol"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("paper_accounts.id"))
    symbol: Mapped[str] = mapped_column(String(15))
    quantity: Mapped[Decimal]
    average_price: Mapped[Decimal]
    realised: Mapped[Decimal]

    account: Mapped["PaperAccount"] = relationship("PaperAccount", back_populates="positions")
