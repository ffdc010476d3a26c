"""Who gets through to which endpoint. Nobody who is refused reaches the database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.auth.tokens import Claims, issue_token
from backend.app.core.permissions import Permission, Role
from backend.app.core.settings import get_settings
from backend.app.main import app

pytestmark = pytest.mark.anyio

NEVER, LONG_AGO = datetime(2100, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
LETTERS = {Role.VIEWER: "V", Role.TRADER: "T", Role.ANALYST: "A", Role.SUPPORT: "S", Role.ADMIN: "M"}

# The contract: every endpoint behind a permission, and who has it (Viewer, Trader, Analyst, Support, adMin).
ENDPOINTS = {
    "GET /users/7": ("account:read", "VTASM"),
    "GET /users": ("account:read", "VTASM"),
    "PUT /users/me/name": ("account:write", "TSM"),
    "PUT /users/me/preferences": ("account:write", "TSM"),
    "POST /users/me/watchlist": ("account:write", "TSM"),
    "PUT /profile/me": ("account:write", "TSM"),
    "POST /profile/quote": ("billing:read", "TSM"),
    "POST /profile/proration": ("billing:read", "TSM"),
    "POST /profile/subscription": ("billing:write", "TM"),
    "DELETE /profile/subscription": ("billing:write", "TM"),
    "GET /quotas/plans": ("quota:read", "VTASM"),
    "POST /quotas/window": ("quota:read", "VTASM"),
    "POST /quotas/advice": ("quota:read", "VTASM"),
    "GET /quotas/usage/order": ("quota:read", "VTASM"),
    "PUT /quotas/override": ("quota:override", "SM"),
    "POST /paper/size/cash": ("order:read", "VTASM"),
    "POST /paper/size/risk": ("order:read", "VTASM"),
    "POST /paper/fees": ("order:read", "VTASM"),
    "POST /paper/risk": ("order:read", "VTASM"),
    "POST /paper/accounts": ("order:write", "TM"),
    "GET /paper/accounts": ("order:read", "VTASM"),
    "POST /paper/orders": ("order:write", "TM"),
    "DELETE /paper/orders/7": ("order:write", "TM"),
    "POST /copy/preview": ("order:read", "VTASM"),
    "POST /copy/follows": ("copy:write", "TM"),
    "DELETE /copy/follows/7": ("copy:write", "TM"),
    "GET /copy/leaderboard": ("order:read", "VTASM"),
    "POST /copy/mirror": ("copy:write", "TM"),
    "POST /reports/range": ("report:read", "VTASM"),
    "POST /reports/pnl": ("report:read", "VTASM"),
    "POST /reports/drawdown": ("report:read", "VTASM"),
    "POST /reports/runs/today": ("report:read", "VTASM"),
    "GET /reports/runs/today": ("report:read", "VTASM"),
    "POST /exports/preview": ("export:create", "TAM"),
    "POST /exports": ("export:create", "TAM"),
    "GET /exports/7/download": ("export:create", "TAM"),
    "POST /web3/address": ("account:read", "VTASM"),
    "POST /web3/wallets": ("wallet:write", "TM"),
    "GET /web3/wallets": ("account:read", "VTASM"),
    "DELETE /web3/wallets/7": ("wallet:write", "TM"),
    "POST /decisions": ("decision:write", "TAM"),
    "POST /decisions/brier": ("report:read", "VTASM"),
    "GET /decisions/score": ("report:read", "VTASM"),
    "POST /analyst/indicators": ("report:read", "VTASM"),
    "POST /analyst/notes": ("note:publish", "AM"),
    "GET /analyst/notes/ACME": ("report:read", "VTASM"),
    "POST /privacy/redact": ("account:read", "VTASM"),
    "PUT /privacy/consents": ("account:write", "TSM"),
    "GET /privacy/consents": ("account:read", "VTASM"),
    "POST /privacy/erasure": ("account:write", "TSM"),
    "POST /privacy/erasure/run": ("privacy:erase", "M"),
    "GET /admin/roles/trader": ("audit:read", "SM"),
    "POST /admin/administers": ("audit:read", "SM"),
    "POST /admin/users/7/suspend": ("account:suspend", "SM"),
    "PUT /admin/users/7/role": ("role:grant", "M"),
    "GET /admin/audit": ("audit:read", "SM"),
}
# What needs no database, with a body that is answered.
ANSWERED: dict[str, dict[str, Any] | None] = {
    "POST /profile/quote": {"plan": "pro", "country": "DE"},
    "POST /profile/proration": {
        "old": "pro", "new": "desk", "started_on": "2026-04-01", "renews_on": "2026-05-01", "changed_on": "2026-04-16",
    },
    "GET /quotas/plans": None,
    "POST /quotas/window": {"window": "day", "at": "2026-03-04T10:30:00Z"},
    "POST /quotas/advice": {"operation": "order", "per_day": 100},
    "POST /paper/size/cash": {"symbol": "ACME", "cash": "1000", "price": "99"},
    "POST /paper/size/risk": {"symbol": "ACME", "equity": "1000", "risk_percent": "1", "entry": "99", "stop": "95"},
    "POST /paper/fees": {"value": "1000", "plan": "free"},
    "POST /paper/risk": {"side": "buy", "quantity": "1", "price": "99", "last_price": "100", "equity": "1000"},
    "POST /copy/preview": {
        "symbol": "ACME", "leader_quantity": "10", "leader_equity": "5000", "capital": "1000", "price": "99",
    },
    "POST /reports/range": {"preset": "this-week", "today": "2026-03-04"},
    "POST /reports/pnl": {"trades": [{"symbol": "ACME", "side": "buy", "quantity": "1", "price": "99"}]},
    "POST /reports/drawdown": {"equity": ["100", "90"]},
    "POST /exports/preview": {"format": "csv", "rows": [{"symbol": "ACME"}]},
    "POST /web3/address": {"address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
    "POST /decisions/brier": {"confidence": 60, "outcome": "win"},
    "POST /analyst/indicators": {"prices": ["1", "2", "3"], "period": 2},
    "POST /privacy/redact": {"text": "write to ada@example.com"},
    "GET /admin/roles/trader": None,
    "POST /admin/administers": {"actor": "admin", "target": "trader"},
}  # fmt: skip
REFUSED = [(name, role) for name, (_, who) in ENDPOINTS.items() for role in Role if LETTERS[role] not in who]
ADMITTED = [(name, role) for name in ANSWERED for role in Role if LETTERS[role] in ENDPOINTS[name][1]]
PATHS = dict.fromkeys(name.split()[1] for name in ENDPOINTS if "/7" not in name)
SIGNED_IN = [*ENDPOINTS, "GET /auth/me", "POST /auth/logout"]


def token(role: Role = Role.ADMIN, *, expires_at: datetime = NEVER, secret: str | None = None) -> str:
    return issue_token(Claims(7, role, expires_at), secret=secret or get_settings().token_secret)


BAD_CREDENTIALS = {
    "nothing": (None, "missing bearer token"),
    "basic": (f"Basic {token()}", "missing bearer token"),
    "empty": ("Bearer ", "missing bearer token"),
    "garbage": ("Bearer 12345", "malformed token"),
    "forged": (f"Bearer {token(secret='guessed')}", "bad signature"),
    "expired": (f"Bearer {token(expires_at=LONG_AGO)}", "token expired"),
}


@pytest.fixture
def client() -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")


async def call(
    client: AsyncClient, name: str, authorization: str | None, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    method, path = name.split()
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await client.request(method, path, json=body, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("name", "role"), REFUSED)
async def test_role_without_the_permission_is_refused(client: AsyncClient, name: str, role: Role) -> None:
    status, answer = await call(client, name, f"Bearer {token(role)}")
    assert (status, answer) == (403, {"detail": f"role {role.value} lacks {ENDPOINTS[name][0]}"})


@pytest.mark.parametrize(("name", "role"), ADMITTED)
async def test_role_with_the_permission_is_answered(client: AsyncClient, name: str, role: Role) -> None:
    status, answer = await call(client, name, f"Bearer {token(role)}", ANSWERED[name])
    assert status == 200
    assert answer


@pytest.mark.parametrize("name", SIGNED_IN)
@pytest.mark.parametrize("credentials", BAD_CREDENTIALS)
async def test_bad_credentials_are_refused(client: AsyncClient, name: str, credentials: str) -> None:
    authorization, reason = BAD_CREDENTIALS[credentials]
    assert await call(client, name, authorization) == (401, {"detail": reason})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
async def test_callers_can_ask_what_they_may_do(
    client: AsyncClient, role: Role, permission: Permission
) -> None:
    status, answer = await call(client, "GET /auth/me", f"Bearer {token(role)}")
    assert (status, answer["user_id"], answer["role"]) == (200, 7, role)
    holders = {who for needed, who in ENDPOINTS.values() if needed == permission}
    assert (permission in answer["permissions"]) == any(LETTERS[role] in who for who in holders)


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_patched(client: AsyncClient, path: str) -> None:
    status, answer = await call(client, f"PATCH {path}", f"Bearer {token()}", {"id": 7})
    assert (status, answer) == (405, {"detail": "Method Not Allowed"})
