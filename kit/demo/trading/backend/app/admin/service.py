"""Support actions. Each leaves an entry in the audit trail."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.admin.audit import AuditEntry
from backend.app.auth.service import close_sessions
from backend.app.core.errors import Conflict, Forbidden, NotFound
from backend.app.core.permissions import Permission, Role, allowed, may_administer
from backend.app.users.models import User as Account


async def suspend(
    session: AsyncSession, actor_id: int, subject_id: int, *, reason: str, at: datetime
) -> Account:
    """Lock an account out and sign it out everywhere."""
    actor, subject = await _pair(session, actor_id, subject_id, Permission.ACCOUNT_SUSPEND)
    if not subject.is_active:
        raise Conflict("the account is suspended already")
    subject.is_active = False
    _record(session, actor, subject, "account.suspend", reason, at)
    await close_sessions(session, subject_id, at=at)
    return subject


async def reinstate(session: AsyncSession, actor_id: int, subject_id: int, *, at: datetime) -> Account:
    actor, subject = await _pair(session, actor_id, subject_id, Permission.ACCOUNT_SUSPEND)
    if subject.is_active:
        raise Conflict("the account is not suspended")
    subject.is_active = True
    _record(session, actor, subject, "account.reinstate", "", at)
    await session.commit()
    return subject


async def change_role(
    session: AsyncSession, actor_id: int, subject_id: int, role: Role, *, at: datetime
) -> Account:
    """Give an account another main role. Only who may grant roles can, and nobody makes admins here."""
    actor, subject = await _pair(session, actor_id, subject_id, Permission.ROLE_GRANT)
    if role is Role.ADMIN:
        raise Forbidden("admins are made on the command line")
    before, subject.role = subject.role, role
    _record(session, actor, subject, "role.change", f"{before} -> {role}", at)
    await session.commit()
    return subject


async def _pair(
    session: AsyncSession, actor_id: int, subject_id: int, permission: Permission
) -> tuple[Account, Account]:
    actor, subject = await session.get(Account, actor_id), await session.get(Account, subject_id)
    if actor is None or subject is None:
        raise NotFound(f"no account {subject_id if actor else actor_id}")
    if actor_id == subject_id:
        raise Forbidden("nobody administers themselves")
    if not allowed(actor.role, permission) or not may_administer(actor.role, subject.role):
        raise Forbidden(f"a {actor.role} may not do this to a {subject.role}")
    return actor, subject


def _record(
    session: AsyncSession, actor: Account, subject: Account, action: str, detail: str, at: datetime
) -> None:
    session.add(AuditEntry(actor_id=actor.id, subject_id=subject.id, action=action, detail=detail, at=at))
