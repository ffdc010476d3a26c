"""The decision journal: why a trade was made, and what became of it."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class Decision(Base):
    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    symbol: Mapped[str] = mapped_column(String(15))
    thesis: Mapped[str] = mapped_column(String(1000))
    confidence: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped["User"] = relationship("User")
    outcome: Mapped["DecisionOutcome | None"] = relationship(
        "DecisionOutcome", back_populates="decision", uselist=False
    )


class DecisionOutcome(Base):
    __tablename__ = "decision_outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    result_percent: Mapped[Decimal]
    lesson: Mapped[str] = mapped_column(String(500), default="")

    decision: Mapped["Decision"] = relationship("Decision", back_populates="outcome")
