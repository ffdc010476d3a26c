"""Roles and what each may do.

Roles used to be a table of their own. Since 4.0 every account has one main role and any number of granted ones
(the account's public view, backend.app.users.models, shows the main role only).
"""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    TRADER = "trader"
    ANALYST = "analyst"
    SUPPORT = "support"
    ADMIN = "admin"


class Permission(StrEnum):
    ACCOUNT_READ = "account:read"
    ACCOUNT_WRITE = "account:write"
    ACCOUNT_SUSPEND = "account:suspend"
    ROLE_GRANT = "role:grant"
    ORDER_READ = "order:read"
    ORDER_WRITE = "order:write"
    COPY_WRITE = "copy:write"
    QUOTA_READ = "quota:read"
    QUOTA_OVERRIDE = "quota:override"
    BILLING_READ = "billing:read"
    BILLING_WRITE = "billing:write"
    REPORT_READ = "report:read"
    EXPORT_CREATE = "export:create"
    WALLET_WRITE = "wallet:write"
    DECISION_WRITE = "decision:write"
    NOTE_PUBLISH = "note:publish"
    AUDIT_READ = "audit:read"
    PRIVACY_ERASE = "privacy:erase"


P = Permission
VIEWING = frozenset({P.ACCOUNT_READ, P.QUOTA_READ, P.REPORT_READ, P.ORDER_READ})
TRADING = VIEWING | {
    P.ACCOUNT_WRITE,
    P.ORDER_WRITE,
    P.COPY_WRITE,
    P.BILLING_READ,
    P.BILLING_WRITE,
    P.EXPORT_CREATE,
    P.WALLET_WRITE,
    P.DECISION_WRITE,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: VIEWING,
    Role.TRADER: TRADING,
    Role.ANALYST: VIEWING | {P.EXPORT_CREATE, P.DECISION_WRITE, P.NOTE_PUBLISH},
    Role.SUPPORT: VIEWING
    | {P.ACCOUNT_WRITE, P.ACCOUNT_SUSPEND, P.QUOTA_OVERRIDE, P.BILLING_READ, P.AUDIT_READ},
    Role.ADMIN: frozenset(Permission),
}


def allowed(role: Role, permission: Permission) -> bool:
    return permission in GRANTED[role]


def may_administer(actor: Role, target: Role) -> bool:
    """Support looks after customers; only an admin may touch staff, and nobody another admin."""
    if target is Role.ADMIN:
        return False
    if actor is Role.ADMIN:
        return True
    return actor is Role.SUPPORT and target in {Role.VIEWER, Role.TRADER}
