"""Mirrored fills: the paper trade that was copied, and the batch that copied it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base
from backend.app.paper.models import PaperOrder


class PaperTrade(Base):
    """A paper trade as mirroring needs it: the prices, not the fees."""

    __tablename__ = "paper_trades"
    __table_args__ = ({"extend_existing": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("paper_orders.id"))
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]

    order: Mapped[PaperOrder] = relationship(PaperOrder, lazy="joined", viewonly=True)
    mirrors: Mapped[list["MirroredFill"]] = relationship("MirroredFill", back_populates="source")


class MirroredFill(Base):
    __tablename__ = "mirrored_fills"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("paper_trades.id"))
    follow_id: Mapped[int] = mapped_column(ForeignKey("copy_follows.id"))
    quantity: Mapped[Decimal]
    mirrored_at: Mapped[datetime] = mapped_column(default=utc_now)

    source: Mapped["PaperTrade"] = relationship("PaperTrade", back_populates="mirrors")
