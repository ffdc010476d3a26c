"""The account as the rest of the platform sees it: no password hash, no login bookkeeping."""

from typing import TYPE_CHECKING

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.auth.models import ROLE_TYPE
from backend.app.core.database import Base
from backend.app.core.permissions import Role

if TYPE_CHECKING:
    from backend.app.copy.follows import CopyFollow
    from backend.app.users.watchlists import Preference, Watchlist


class User(Base):
    __tablename__ = "users"
    __table_args__ = (Index("ix_users_display_name", "display_name"), {"extend_existing": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    display_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(ROLE_TYPE, default=Role.TRADER)
    is_active: Mapped[bool] = mapped_column(default=True)

    watchlists: Mapped[list["Watchlist"]] = relationship(
        "Watchlist", back_populates="owner", order_by="Watchlist.name"
    )
    preference: Mapped["Preference | None"] = relationship("Preference", uselist=False)
    follows: Mapped[list["CopyFollow"]] = relationship(
        "CopyFollow", foreign_keys="CopyFollow.follower_id", order_by="CopyFollow.id"
    )
