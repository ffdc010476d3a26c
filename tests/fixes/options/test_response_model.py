"""A route whose return annotation FastAPI refuses gets response_model=None."""

from __future__ import annotations

from pathlib import Path

from tests.fixes.apps import options_of, patched

ROUTES = """
from fastapi import APIRouter, Response
from pydantic import BaseModel

router = APIRouter()


class Answer(BaseModel):
    text: str


@router.get("/fine")
async def fine() -> Answer: ...


@router.get(
    "/file",
    summary="The file",
)
async def file() -> Answer | Response: ...


@router.post("/other", status_code=201)
def other() -> Answer | Response: ...
"""


def app(routes: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/routes.py": routes}


def test_routes_that_fastapi_takes_have_no_option(tmp_path: Path) -> None:
    assert options_of(tmp_path, app(ROUTES[: ROUTES.index("@router.get(\n")])) == {}


def test_every_route_with_the_pattern_gets_it_in_the_shape_of_its_call(tmp_path: Path) -> None:
    text = patched(tmp_path, options_of(tmp_path, app(ROUTES))["response-model-none"])["app/routes.py"]

    assert '@router.get("/fine")\n' in text
    assert '    summary="The file",\n    response_model=None,\n)\n' in text
    assert '@router.post("/other", status_code=201, response_model=None)\n' in text


def test_what_is_lost_is_said(tmp_path: Path) -> None:
    (loss,) = options_of(tmp_path, app(ROUTES))["response-model-none"].losses

    assert "OpenAPI" in loss


def test_the_route_alone_is_an_option_of_its_own_where_others_have_the_pattern(tmp_path: Path) -> None:
    text = patched(tmp_path / "two", options_of(tmp_path / "two", app(ROUTES))["response-model-none-here"])[
        "app/routes.py"
    ]
    assert text.count("response_model=None") == 1

    alone = ROUTES[: ROUTES.index('@router.post("/other"')]
    assert list(options_of(tmp_path / "one", app(alone))) == ["response-model-none"], "the same one, not twice"
