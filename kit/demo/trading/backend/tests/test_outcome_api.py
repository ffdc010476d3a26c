"""The journal's API, built from its routers alone."""

from datetime import UTC, datetime

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.auth.tokens import Claims, issue_token
from backend.app.core.application import create_app
from backend.app.core.permissions import Role
from backend.app.core.settings import get_settings
from backend.app.decisions.api import ROUTERS

pytestmark = pytest.mark.anyio

NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def client() -> AsyncClient:
    token = issue_token(Claims(1, Role.ANALYST, NEVER), secret=get_settings().token_secret)
    transport = ASGITransport(create_app(ROUTERS))
    return AsyncClient(
        transport=transport, base_url="http://testserver", headers={"Authorization": f"Bearer {token}"}
    )


@pytest.mark.parametrize(
    ("confidence", "outcome", "score"),
    [
        (100, "win", "0"),
        (0, "loss", "0"),
        (50, "flat", "0"),
        (0, "win", "1"),
        (80, "win", "0.04"),
        (80, "loss", "0.64"),
    ],
)
async def test_brier_score_of_a_decision(
    client: AsyncClient, confidence: int, outcome: str, score: str
) -> None:
    answer = await client.post("/decisions/brier", json={"confidence": confidence, "outcome": outcome})
    assert answer.status_code == 200
    assert float(answer.json()["brier"]) == float(score)


async def test_kinds_of_outcome_are_listed(client: AsyncClient) -> None:
    answer = await client.get("/decisions/outcomes/kinds")
    assert (answer.status_code, answer.json()) == (200, ["win", "flat", "loss"])


@pytest.mark.parametrize(("result", "kind"), [("3.5", "win"), ("-0.1", "flat"), ("-7", "loss")])
async def test_result_is_classified(client: AsyncClient, result: str, kind: str) -> None:
    answer = await client.post(
        "/decisions/outcomes/classify", json={"confidence": 50, "result_percent": result}
    )
    assert (answer.status_code, answer.json()) == (200, {"kind": kind})


@pytest.mark.parametrize(
    ("results", "hit_rate"), [([], None), ([1, 2, -1], "66.67")], ids=["nothing", "two-of-three"]
)
async def test_summary_of_results(client: AsyncClient, results: list[int], hit_rate: str | None) -> None:
    body = {"results": [{"confidence": 60, "result_percent": result} for result in results]}
    answer = await client.post("/decisions/outcomes/summary", json=body)
    assert answer.status_code == 200
    assert answer.json()["hit_rate"] == hit_rate
