"""Accounts, granted roles and login sessions."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.app.core.clock import utc_now
from backend.app.core.database import Base
from backend.app.core.permissions import Role

if TYPE_CHECKING:
    from backend.app.paper.models import PaperAccount
    from backend.app.profile.models import Profile, Subscription
    from backend.app.web3.models import Wallet

ROLE_TYPE = Enum(Role, native_enum=False, length=16)


class User(Base):
    """An account: who signs in, and what everything else belongs to."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True, index=True)
    display_name: Mapped[str] = mapped_column(String(80), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(ROLE_TYPE, default=Role.TRADER)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_login_at: Mapped[datetime | None]

    grants: Mapped[list["RoleGrant"]] = relationship(
        "RoleGrant", back_populates="user", cascade="all, delete-orphan"
    )
    login_sessions: Mapped[list["LoginSession"]] = relationship("LoginSession", back_populates="user")
    profile: Mapped["Profile | None"] = relationship("Profile", back_populates="user", uselist=False)
    subscriptions: Mapped[list["Subscription"]] = relationship("Subscription", back_populates="user")
    paper_accounts: Mapped[list["PaperAccount"]] = relationship("PaperAccount", back_populates="owner")
    wallets: Mapped[list["Wallet"]] = relationship("Wallet", back_populates="owner")


class RoleGrant(Base):
    """A role beside the main one, given for a time or for good."""

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(ROLE_TYPE)
    granted_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None]

    user: Mapped["User"] = relationship("User", back_populates="grants")


class LoginSession(Base):
    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    closed_at: Mapped[datetime | None]

    user: Mapped["User"] = relationship("User", back_populates="login_sessions")
