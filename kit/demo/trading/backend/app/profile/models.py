"""Profiles and subscriptions."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.database import Base

if TYPE_CHECKING:
    from backend.app.auth.models import User


class Profile(Base):
    """The public face of an account."""

    __tablename__ = "profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    bio: Mapped[str] = mapped_column(String(500), default="")
    country: Mapped[str] = mapped_column(String(2), default="US")
    is_public: Mapped[bool] = mapped_column(default=False)

    user: Mapped["User"] = relationship("User", back_populates="profile")
    subscription: Mapped["Subscription | None"] = relationship(
        "Subscription",
        primaryjoin="foreign(Profile.user_id) == Subscription.user_id",
        viewonly=True,
        uselist=False,
    )


class Subscription(Base):
    """A plan that is paid for, from one renewal to the next."""

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    plan: Mapped[str] = mapped_column(String(16))
    price: Mapped[Decimal]
    started_on: Mapped[date]
    renews_on: Mapped[date]
    cancelled_on: Mapped[date | None]

    user: Mapped["User"] = relationship("User", back_populates="subscriptions")
