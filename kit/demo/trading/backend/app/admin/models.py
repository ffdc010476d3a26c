"""What the support console adds to subscriptions."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base
from backend.app.profile.models import Profile

if TYPE_CHECKING:
    from backend.app.auth.models import User


class Subscription(Base):
    """A subscription as support sees it."""

    __tablename__ = "subscriptions"
    __table_args__ = ({"extend_existing": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    plan: Mapped[str] = mapped_column(String(16))
    renews_on: Mapped[date]

    profile: Mapped[Profile | None] = relationship(
        Profile,
        primaryjoin=lambda: Subscription.user_id == Profile.user_id,
        foreign_keys=lambda: Subscription.user_id,
        viewonly=True,
    )
    notes: Mapped[list["SupportNote"]] = relationship("SupportNote", back_populates="subscription")


class SupportNote(Base):
    __tablename__ = "support_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(String(1000))
    written_at: Mapped[datetime] = mapped_column(default=utc_now)

    subscription: Mapped["Subscription"] = relationship("Subscription", back_populates="notes")
    author: Mapped["User"] = relationship("User")
