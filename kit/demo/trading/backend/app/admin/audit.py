"""The audit trail: who did what to whom."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class AuditEntry(Base):
    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(String(400), default="")
    at: Mapped[datetime] = mapped_column(default=utc_now)

    actor: Mapped["User"] = relationship("User", foreign_keys=[actor_id])
    subject: Mapped["User"] = relationship("User", foreign_keys=[subject_id])


async def entries(
    session: AsyncSession,
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    prefix: str = "",
    since: datetime | None = None,
) -> list[AuditEntry]:
    """Matching entries, newest first. The prefix selects a family of actions, such as "role"."""
    query = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    if subject_id is not None:
        query = query.where(AuditEntry.subject_id == subject_id)
    if prefix:
        query = query.where(AuditEntry.action.startswith(prefix, autoescape=True))
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    return list(await session.scalars(query))
