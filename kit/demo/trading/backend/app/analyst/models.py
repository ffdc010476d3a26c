"""Notes of the analyst desk."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class AnalystNote(Base):
    __tablename__ = "analyst_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    symbol: Mapped[str] = mapped_column(String(15), index=True)
    stance: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(2000))
    published_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped["User"] = relationship("User")
