"""What endpoints take: bad values are refused by name, before the database is asked; good ones are computed with."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.auth.tokens import Claims, issue_token
from backend.app.core.permissions import Role
from backend.app.core.settings import get_settings
from backend.app.main import app

pytestmark = pytest.mark.anyio

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
NOT_POSITIVE = ["0", "-1", "many", None]
NOT_A_NUMBER = ["many", None, [1]]
NOT_A_SYMBOL = ["", "X" * 16, None, 7]
NOT_AN_ID = [0, -1, "seven", None]
# By endpoint: a good body, and bad values by field.
BODIES: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "POST /auth/login": (
        {"email": "ada@example.com", "password": "Correct-h0rse"},
        {"email": ["", "ada", "a b@c", "@", None], "password": ["", "x" * 201, None], "device": ["x" * 61, None]},
    ),
    "POST /auth/password-check": (
        {"password": "Correct-h0rse"},
        {"password": ["", "x" * 201, None, 5], "email": ["x" * 321, None]},
    ),
    "PUT /users/me/name": ({"display_name": "Ada"}, {"display_name": ["", "A", "x" * 81, None, 7]}),
    "PUT /users/me/preferences": (
        {"currency": "EUR"},
        {"currency": ["", "eur", "EURO", "E1R", None], "locale": ["", "EN", "en-us", "english"], "dark_mode": ["maybe", None]},
    ),
    "POST /users/me/watchlist": ({"symbol": "ACME"}, {"symbol": [*NOT_A_SYMBOL, "AC ME", "A,B"], "name": ["", "x" * 61]}),
    "PUT /profile/me": ({"country": "DE"}, {"country": ["", "de", "GER", "1A", None], "bio": ["x" * 501, None]}),
    "POST /profile/quote": (
        {"plan": "pro"},
        {"plan": ["", "gold", None], "cycle": ["weekly", None], "country": ["usa", "u", None]},
    ),
    "POST /profile/proration": (
        {"old": "pro", "new": "desk", "started_on": "2026-04-01", "renews_on": "2026-05-01", "changed_on": "2026-04-16"},
        {"old": ["gold", None], "new": ["gold", None], "started_on": ["soon", "2026-02-30", None], "renews_on": ["", None],
         "changed_on": ["04/16/2026", None]},
    ),
    "POST /profile/subscription": ({"plan": "pro"}, {"plan": ["gold", "", None], "cycle": ["weekly", None]}),
    "POST /quotas/window": (
        {"window": "day", "at": "2026-03-04T10:30:00Z"},
        {"window": ["year", "", None], "at": ["now", "2026-13-01", None]},
    ),
    "POST /quotas/advice": (
        {"operation": "order", "per_day": 100},
        {"operation": ["orders", None], "per_day": [0, -5, 100_001, "many", 1.5, None]},
    ),
    "PUT /quotas/override": (
        {"user_id": 7, "operation": "order", "limit": 5, "reason": "agreed"},
        {"user_id": NOT_AN_ID, "operation": ["orders", None], "limit": [-1, 1_000_001, None], "reason": ["", "why", "x" * 201]},
    ),
    "POST /paper/size/cash": (
        {"symbol": "ACME", "cash": "1000", "price": "99"},
        {"symbol": NOT_A_SYMBOL, "cash": ["-0.01", "1e10", "lots", None], "price": NOT_POSITIVE},
    ),
    "POST /paper/size/risk": (
        {"symbol": "ACME", "equity": "1000", "risk_percent": "1", "entry": "99", "stop": "95"},
        {"equity": NOT_POSITIVE, "risk_percent": [*NOT_POSITIVE, "10.01"], "entry": NOT_POSITIVE, "stop": NOT_POSITIVE},
    ),
    "POST /paper/fees": (
        {"value": "1000", "plan": "free"},
        {"value": ["-1", "1e10", "much", None], "plan": ["gold", None], "taker": ["maybe", None]},
    ),
    "POST /paper/risk": (
        {"side": "buy", "quantity": "1", "price": "99", "last_price": "100", "equity": "1000"},
        {"side": ["hold", "BUY", None], "quantity": NOT_POSITIVE, "price": NOT_POSITIVE, "last_price": NOT_POSITIVE,
         "equity": NOT_A_NUMBER, "exposure": NOT_A_NUMBER},
    ),
    "POST /paper/accounts": ({"name": "main"}, {"name": ["", "x" * 61, None], "cash": [*NOT_POSITIVE, "10000001"]}),
    "POST /paper/orders": (
        {"account_id": 1, "symbol": "ACME", "side": "buy", "quantity": "1", "bid": "99", "ask": "100", "size": "10"},
        {"account_id": NOT_AN_ID, "symbol": NOT_A_SYMBOL, "side": ["hold", None], "quantity": NOT_POSITIVE, "bid": NOT_POSITIVE,
         "ask": NOT_POSITIVE, "size": NOT_POSITIVE, "limit_price": ["0", "-1", "cheap"]},
    ),
    "POST /copy/preview": (
        {"symbol": "ACME", "leader_quantity": "10", "leader_equity": "5000", "capital": "1000", "price": "99"},
        {"leader_quantity": NOT_POSITIVE, "leader_equity": NOT_POSITIVE, "capital": ["99.99", "0", None],
         "multiplier": ["0", "3.01", None], "price": NOT_POSITIVE},
    ),
    "POST /copy/follows": (
        {"leader_id": 7, "capital": "500"},
        {"leader_id": NOT_AN_ID, "capital": ["99.99", "1000001", None], "multiplier": ["0", "-1", "3.5"]},
    ),
    "POST /copy/mirror": ({"trade_id": 1, "account_id": 1}, {"trade_id": NOT_AN_ID, "account_id": NOT_AN_ID}),
    "POST /reports/range": (
        {"preset": "today", "today": "2026-03-04"},
        {"preset": ["tomorrow", "", None], "today": ["now", "2026-02-30", None]},
    ),
    "POST /reports/drawdown": ({"equity": ["100", "90"]}, {"equity": [[], ["many"], "100", None]}),
    "POST /exports": ({"dataset": "trades"}, {"dataset": ["users", "", None], "format": ["pdf", "CSV", None]}),
    "POST /exports/preview": (
        {"format": "csv", "rows": [{"symbol": "ACME"}]},
        {"format": ["pdf", None], "rows": ["none", [7], [{"nested": {"a": 1}}], [{"symbol": "ACME"}] * 201, None]},
    ),
    "POST /web3/address": ({"address": ADDRESS}, {"address": ["", "0x", ADDRESS[2:], ADDRESS + "0", "0x" + "g" * 40, None]}),
    "POST /web3/wallets": (
        {"address": ADDRESS},
        {"address": ["", ADDRESS[:-1], "vitalik.eth", None], "chain": ["x" * 17, None], "label": ["x" * 61]},
    ),
    "POST /decisions": (
        {"symbol": "ACME", "thesis": "Earnings beat twice in a row.", "confidence": 60},
        {"symbol": NOT_A_SYMBOL, "thesis": ["", "short", "x" * 1001, None], "confidence": [-1, 101, "sure", 50.5, None]},
    ),
    "POST /decisions/brier": (
        {"confidence": 60, "outcome": "win"},
        {"confidence": [-1, 101, "sure", None], "outcome": ["draw", "WIN", None]},
    ),
    "POST /analyst/indicators": (
        {"prices": ["1", "2", "3"], "period": 2},
        {"prices": [[], ["1"], ["1", "two"], None], "period": [0, -1, 251, "week", None]},
    ),
    "POST /analyst/notes": (
        {"symbol": "ACME", "stance": "long", "text": "Strong demand."},
        {"symbol": NOT_A_SYMBOL, "stance": ["buy", None], "text": ["", "x" * 2001, None]},
    ),
    "POST /privacy/redact": ({"text": "write to ada@example.com"}, {"text": ["x" * 10_001, None, 7]}),
    "PUT /privacy/consents": (
        {"purpose": "analytics", "given": True},
        {"purpose": ["spam", "", None], "given": ["perhaps", None, 2]},
    ),
    "POST /admin/administers": ({"actor": "admin", "target": "trader"}, {"actor": ["root", None], "target": ["root", None]}),
    "POST /admin/users/7/suspend": ({"reason": "chargeback"}, {"reason": ["", "why", "x" * 401, None]}),
    "PUT /admin/users/7/role": ({"role": "trader"}, {"role": ["root", "Trader", None]}),
}  # fmt: skip
BAD_VALUES = [
    pytest.param(name, field, value, id=f"{name}-{field}-{number}")
    for name, (_, fields) in BODIES.items()
    for field, values in fields.items()
    for number, value in enumerate(values)
]
REQUIRED = [(name, field) for name, (body, _) in BODIES.items() for field in body]


class UntouchedSession:
    """Stands where the database session is; a refused request must not get as far as using it."""

    async def __aenter__(self) -> "UntouchedSession":
        return self

    async def __aexit__(self, *exception: object) -> None:
        return None


@pytest.fixture
def client() -> Iterator[AsyncClient]:
    token = issue_token(
        Claims(7, Role.ADMIN, datetime(2100, 1, 1, tzinfo=UTC)), secret=get_settings().token_secret
    )
    app.state.sessions = UntouchedSession
    headers = {"Authorization": f"Bearer {token}"}
    yield AsyncClient(transport=ASGITransport(app), base_url="http://testserver", headers=headers)
    app.state.sessions = None


async def send(client: AsyncClient, name: str, body: Any) -> tuple[int, Any]:
    method, path = name.split()
    answer = await client.request(method, path, json=body)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("name", "field", "value"), BAD_VALUES)
async def test_bad_value_is_refused_by_name(client: AsyncClient, name: str, field: str, value: Any) -> None:
    status, answer = await send(client, name, BODIES[name][0] | {field: value})
    assert status == 422
    assert {error["loc"][1] for error in answer["detail"]} == {field}


@pytest.mark.parametrize(("name", "field"), REQUIRED)
async def test_missing_field_is_named(client: AsyncClient, name: str, field: str) -> None:
    body = {key: value for key, value in BODIES[name][0].items() if key != field}
    status, answer = await send(client, name, body)
    assert status == 422
    assert [(error["type"], error["loc"]) for error in answer["detail"]] == [("missing", ["body", field])]


@pytest.mark.parametrize("name", BODIES)
async def test_body_must_be_an_object(client: AsyncClient, name: str) -> None:
    status, answer = await send(client, name, [1, 2])
    assert (status, answer["detail"][0]["loc"]) == (422, ["body"])


@pytest.mark.parametrize(
    ("plan", "taker_points", "maker_points"),
    [("free", 30, 20), ("starter", 25, 15), ("pro", 15, 8), ("desk", 8, 0)],
)
@pytest.mark.parametrize("value", ["0", "40", "1000", "123456.78"])
@pytest.mark.parametrize("taker", [True, False], ids=["taker", "maker"])
async def test_fee_of_a_fill(
    client: AsyncClient, plan: str, taker_points: int, maker_points: int, value: str, taker: bool
) -> None:
    status, answer = await send(client, "POST /paper/fees", {"value": value, "plan": plan, "taker": taker})
    exact = Decimal(value) * (taker_points if taker else maker_points) / 10_000
    assert status == 200
    assert Decimal(answer["fee"]) == (max(round(exact, 2), Decimal("0.10")) if exact else 0)


@pytest.mark.parametrize("plan", ["free", "starter", "pro", "desk"])
@pytest.mark.parametrize(("country", "percent"), [("US", 0), ("DE", 19), ("FR", 20), ("CH", 8)])
@pytest.mark.parametrize(("cycle", "months"), [("monthly", 1), ("yearly", 10)])
async def test_quote_of_a_plan(
    client: AsyncClient, plan: str, country: str, percent: int, cycle: str, months: int
) -> None:
    net = Decimal({"free": 0, "starter": 9, "pro": 39, "desk": 149}[plan]) * months
    status, answer = await send(
        client, "POST /profile/quote", {"plan": plan, "country": country, "cycle": cycle}
    )
    assert status == 200
    assert Decimal(answer["net"]) == net
    assert Decimal(answer["gross"]) == net + round(net * percent / 100, 2)


@pytest.mark.parametrize("symbol", ["acme", "BOLT", "btc-usd"])
@pytest.mark.parametrize("cash", ["0", "60", "2500"])
async def test_size_that_cash_buys(client: AsyncClient, symbol: str, cash: str) -> None:
    lot, smallest = {"acme": ("1", 1), "BOLT": ("10", 50), "btc-usd": ("0.0001", 10)}[symbol]
    status, answer = await send(
        client, "POST /paper/size/cash", {"symbol": symbol, "cash": cash, "price": "12.5"}
    )
    expected = Decimal(cash) / Decimal("12.5") // Decimal(lot) * Decimal(lot)
    assert status == 200
    assert Decimal(answer["quantity"]) == (expected if expected * Decimal("12.5") >= smallest else 0)


@pytest.mark.parametrize("name", ["POST /paper/size/cash", "POST /paper/size/risk", "POST /copy/preview"])
@pytest.mark.parametrize("symbol", ["ACNE", "none", "BTC/USD"])
async def test_unknown_symbol_is_a_domain_error(client: AsyncClient, name: str, symbol: str) -> None:
    status, answer = await send(client, name, BODIES[name][0] | {"symbol": symbol})
    assert (status, answer) == (422, {"detail": f"unknown symbol {symbol!r}", "kind": "Invalid"})


@pytest.mark.parametrize("today", ["2026-03-04", "2026-03-01", "2024-02-29", "2026-01-01"])
@pytest.mark.parametrize(
    ("preset", "longest"),
    [
        ("today", 1), ("yesterday", 1), ("this-week", 7), ("last-week", 7), ("this-month", 31), ("last-month", 31),
        ("this-quarter", 92), ("year-to-date", 366),
    ],
)  # fmt: skip
async def test_range_of_a_preset(client: AsyncClient, today: str, preset: str, longest: int) -> None:
    status, answer = await send(client, "POST /reports/range", {"preset": preset, "today": today})
    first, last = date.fromisoformat(answer["first"]), date.fromisoformat(answer["last"])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert status == 200
    assert 1 <= len(days) <= longest
    assert last <= date.fromisoformat(today)
    assert answer["trading_days"] == sum(day.weekday() < 5 for day in days)
    assert answer["months"] == len({(day.year, day.month) for day in days})


@pytest.mark.parametrize(
    ("window", "longest"), [("hour", 3600), ("day", 86400), ("week", 604800), ("month", 2678400)]
)
@pytest.mark.parametrize("zone", ["Z", "-08:00", "+05:30", "+13:00"])
async def test_window_of_a_moment(client: AsyncClient, window: str, longest: int, zone: str) -> None:
    moment = f"2026-03-04T10:30:00{zone}"
    status, answer = await send(client, "POST /quotas/window", {"window": window, "at": moment})
    start, end = datetime.fromisoformat(answer["start"]), datetime.fromisoformat(answer["end"])
    assert status == 200
    assert start <= datetime.fromisoformat(moment) < end
    assert (end - start).total_seconds() <= longest
    assert answer["seconds_left"] == (end - datetime.fromisoformat(moment)).total_seconds()


@pytest.mark.parametrize("leader_quantity", ["1", "40", "1000"])
@pytest.mark.parametrize("capital", ["100", "1500", "20000"])
@pytest.mark.parametrize("multiplier", ["0.5", "1", "3"])
async def test_preview_of_a_copy(
    client: AsyncClient, leader_quantity: str, capital: str, multiplier: str
) -> None:
    body = {
        "symbol": "ACME", "leader_quantity": leader_quantity, "leader_equity": "10000", "capital": capital,
        "multiplier": multiplier, "price": "50",
    }  # fmt: skip
    status, answer = await send(client, "POST /copy/preview", body)
    wanted = Decimal(leader_quantity) * Decimal(capital) * Decimal(multiplier) / 10_000
    affordable = Decimal(capital) / 50
    assert status == 200
    assert Decimal(answer["quantity"]) == min(wanted, affordable) // 1
    cut = "cut to the cash" if affordable < wanted else ""
    assert answer["reason"] == ("below the smallest order" if min(wanted, affordable) < 1 else cut)


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ],
)
@pytest.mark.parametrize(("written", "valid"), [("lower", True), ("checksum", True), ("swapped", False)])
async def test_verdict_on_an_address(client: AsyncClient, address: str, written: str, valid: bool) -> None:
    writings = {"lower": address.lower(), "checksum": address, "swapped": "0x" + address[2:].swapcase()}
    status, answer = await send(client, "POST /web3/address", {"address": writings[written], "chain": "base"})
    assert (status, answer) == (200, {"checksummed": address, "valid": valid, "chain_id": 8453})


@pytest.mark.parametrize(
    ("operation", "limits"),
    [
        ("order", (20, 200, 2000, None)), ("report", (2, 10, 100, None)), ("export", (0, 2, 25, 250)),
        ("signal", (5, 50, 500, None)), ("wallet-check", (3, 20, 200, 1000)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("per_day", [1, 10, 200, 5000])
async def test_advice_on_a_plan(
    client: AsyncClient, operation: str, limits: tuple[int | None, ...], per_day: int
) -> None:
    status, answer = await send(client, "POST /quotas/advice", {"operation": operation, "per_day": per_day})
    plans = zip(["free", "starter", "pro", "desk"], limits, strict=True)
    enough = [plan for plan, limit in plans if limit is None or limit >= per_day]
    assert (status, answer) == (200, {"plan": enough[0] if enough else None})


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
async def test_who_looks_after_whom(client: AsyncClient, actor: Role, target: Role) -> None:
    customers = {Role.VIEWER, Role.TRADER}
    administers = {Role.SUPPORT: customers, Role.ADMIN: customers | {Role.ANALYST, Role.SUPPORT}}
    status, answer = await send(client, "POST /admin/administers", {"actor": actor, "target": target})
    assert (status, answer) == (200, {"allowed": target in administers.get(actor, ())})
