"""Who follows whom, and with how much."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class CopyFollow(Base):
    """One trader following another with a share of the own capital."""

    __tablename__ = "copy_follows"
    __table_args__ = (UniqueConstraint("follower_id", "leader_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    follower_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    capital: Mapped[Decimal]
    multiplier: Mapped[Decimal]
    paused: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(default=utc_now)

    leader: Mapped["User"] = relationship("User", foreign_keys=[leader_id])
