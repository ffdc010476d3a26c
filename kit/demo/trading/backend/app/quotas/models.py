"""Counted usage, and exceptions from the plan's limits."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class QuotaUsage(Base):
    """How often an operation was used in one window."""

    __tablename__ = "quota_usages"
    __table_args__ = (
        UniqueConstraint("user_id", "operation", "window_start"),
        Index("ix_quota_usages_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    operation: Mapped[str] = mapped_column(String(20))
    window_start: Mapped[datetime]
    used: Mapped[int] = mapped_column(default=0)

    user: Mapped["User"] = relationship("User")


class QuotaOverride(Base):
    """Another limit for one account and operation, given by support."""

    __tablename__ = "quota_overrides"
    __table_args__ = (UniqueConstraint("user_id", "operation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    operation: Mapped[str] = mapped_column(String(20))
    limit: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
