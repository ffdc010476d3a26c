"""Support actions, who may take them, and the audit trail."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from backend.app.admin import service
from backend.app.admin.audit import AuditEntry, entries
from backend.app.auth.models import LoginSession
from backend.app.core.errors import Conflict, Forbidden, NotFound
from backend.app.core.permissions import Role
from backend.app.users.models import User
from backend.tests.conftest import NOW, MakeUser

pytestmark = pytest.mark.anyio

# Who may suspend whom.
SUSPENDS = {
    Role.SUPPORT: {Role.VIEWER, Role.TRADER},
    Role.ADMIN: {Role.VIEWER, Role.TRADER, Role.ANALYST, Role.SUPPORT},
}


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
async def test_suspending_follows_the_matrix(
    db: AsyncSession, make_user: MakeUser, actor: Role, target: Role
) -> None:
    ada, bob = await make_user("Ada", actor), await make_user("Bob", target)
    if target in SUSPENDS.get(actor, ()):
        suspended = await service.suspend(db, ada.id, bob.id, reason="chargeback", at=NOW)
        assert suspended.is_active is False
    else:
        with pytest.raises(Forbidden, match=f"a {actor} may not do this to a {target}"):
            await service.suspend(db, ada.id, bob.id, reason="chargeback", at=NOW)
        assert (await db.get_one(User, bob.id)).is_active is True


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
async def test_reinstating_follows_the_matrix(
    db: AsyncSession, make_user: MakeUser, actor: Role, target: Role
) -> None:
    ada, bob = await make_user("Ada", actor), await make_user("Bob", target, active=False)
    if target in SUSPENDS.get(actor, ()):
        assert (await service.reinstate(db, ada.id, bob.id, at=NOW)).is_active is True
        assert [entry.action for entry in await entries(db, subject_id=bob.id)] == ["account.reinstate"]
    else:
        with pytest.raises(Forbidden):
            await service.reinstate(db, ada.id, bob.id, at=NOW)
        assert await entries(db) == []


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("new", Role)
async def test_only_admins_change_roles_and_nobody_makes_admins(
    db: AsyncSession, make_user: MakeUser, actor: Role, target: Role, new: Role
) -> None:
    ada, bob = await make_user("Ada", actor), await make_user("Bob", target)
    if actor is Role.ADMIN and Role.ADMIN not in {target, new}:
        assert (await service.change_role(db, ada.id, bob.id, new, at=NOW)).role is new
        (entry,) = await entries(db, subject_id=bob.id)
        assert (entry.action, entry.detail) == ("role.change", f"{target} -> {new}")
    else:
        with pytest.raises(Forbidden):
            await service.change_role(db, ada.id, bob.id, new, at=NOW)
        assert await entries(db) == []


@pytest.mark.parametrize("actor", SUSPENDS)
@pytest.mark.parametrize("action", ["suspend", "reinstate"])
async def test_repeating_an_action_is_a_conflict(
    db: AsyncSession, make_user: MakeUser, actor: Role, action: str
) -> None:
    ada, bob = await make_user("Ada", actor), await make_user("Bob", active=action == "reinstate")
    with pytest.raises(Conflict):
        if action == "suspend":
            await service.suspend(db, ada.id, bob.id, reason="chargeback", at=NOW)
        else:
            await service.reinstate(db, ada.id, bob.id, at=NOW)


@pytest.mark.parametrize("actor", Role)
async def test_nobody_administers_themselves(db: AsyncSession, make_user: MakeUser, actor: Role) -> None:
    ada = await make_user("Ada", actor)
    with pytest.raises(Forbidden, match="themselves"):
        await service.suspend(db, ada.id, ada.id, reason="holiday", at=NOW)


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("missing", ["actor", "subject"])
async def test_both_accounts_must_exist(
    db: AsyncSession, make_user: MakeUser, actor: Role, missing: str
) -> None:
    ada = await make_user("Ada", actor)
    pair = (404, ada.id) if missing == "actor" else (ada.id, 404)
    with pytest.raises(NotFound, match="no account 404"):
        await service.suspend(db, *pair, reason="chargeback", at=NOW)


@pytest.mark.parametrize("open_sessions", [0, 1, 4])
@pytest.mark.parametrize("actor", SUSPENDS)
@pytest.mark.parametrize("target", [Role.VIEWER, Role.TRADER])
async def test_suspension_signs_out_everywhere(
    db: AsyncSession, make_user: MakeUser, open_sessions: int, actor: Role, target: Role
) -> None:
    ada, bob = await make_user("Ada", actor), await make_user("Bob", target)
    logins = [LoginSession(user_id=bob.id, device=f"phone {number}") for number in range(open_sessions)]
    db.add_all(logins)
    await db.commit()
    await service.suspend(db, ada.id, bob.id, reason="chargeback", at=NOW)
    assert [login.closed_at for login in logins] == [NOW] * open_sessions


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", 6), ("account", 4), ("account.", 4), ("account.suspend", 2), ("role", 2), ("role.change", 2),
        ("accounts", 0), ("acc%", 0), ("_ole", 0), ("login", 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("since_minutes", "share"), [(None, 1), (-60, 1), (10, 0.5), (60, 0)])
async def test_audit_trail_can_be_narrowed(
    db: AsyncSession, make_user: MakeUser, prefix: str, expected: int, since_minutes: int | None, share: float
) -> None:
    ada, bob = await make_user("Ada", Role.ADMIN), await make_user("Bob")
    actions = ["account.suspend", "account.reinstate", "role.change"]
    for minutes in (0, 20):
        for action in actions:
            at = NOW + timedelta(minutes=minutes)
            db.add(AuditEntry(actor_id=ada.id, subject_id=bob.id, action=action, at=at))
    await db.commit()
    since = None if since_minutes is None else NOW + timedelta(minutes=since_minutes)
    assert len(await entries(db, prefix=prefix, since=since)) == expected * share


@pytest.mark.parametrize("wanted_actor", [None, "Ada", "Bob"])
@pytest.mark.parametrize("wanted_subject", [None, "Ada", "Bob", "Cy"])
async def test_audit_trail_is_newest_first(
    db: AsyncSession, make_user: MakeUser, wanted_actor: str | None, wanted_subject: str | None
) -> None:
    users = {name: await make_user(name, Role.ADMIN) for name in ("Ada", "Bob", "Cy")}
    pairs = [("Ada", "Bob"), ("Ada", "Cy"), ("Bob", "Ada"), ("Bob", "Cy")]
    for number, (actor, subject) in enumerate(pairs):
        at = NOW + timedelta(minutes=number)
        entry = AuditEntry(
            actor_id=users[actor].id, subject_id=users[subject].id, action=f"step.{number}", at=at
        )
        db.add(entry)
    await db.commit()
    found = await entries(
        db,
        actor_id=users[wanted_actor].id if wanted_actor else None,
        subject_id=users[wanted_subject].id if wanted_subject else None,
    )
    expected = [
        f"step.{number}"
        for number, (actor, subject) in enumerate(pairs)
        if wanted_actor in {None, actor} and wanted_subject in {None, subject}
    ]
    assert [entry.action for entry in found] == expected[::-1]
