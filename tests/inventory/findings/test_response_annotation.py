"""Return annotations that FastAPI refuses, judged as FastAPI itself judges them."""

from __future__ import annotations

import textwrap

import pytest
from fastapi.exceptions import FastAPIError

from tests.inventory.projects import Source

HEAD = """
from typing import Annotated, Any, Dict, List, Literal, Optional, Tuple, Type, Union
import fastapi
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette import responses

class Model(BaseModel):
    x: int

class Special(JSONResponse): ...

router = APIRouter()
"""
RETURNS = [
    "Model | Response",
    "Response | Model",
    "dict | JSONResponse",
    "Union[Model, Response]",
    "Union[Model, fastapi.Response]",
    "Optional[Response]",
    "Response | None",
    "List[Response]",
    "Dict[str, Response]",
    "Annotated[Response, 'x']",
    "'Model | Response'",
    "Union['Model', 'Response']",
    "Model | Special",
    "Model | responses.StreamingResponse",
    "Model",
    "Response",
    "JSONResponse",
    "Special",
    "'Response'",
    "responses.StreamingResponse",
    "Model | None",
    "List[Model]",
    "dict",
    "None",
    "Any",
    "Type[Response]",
    "Literal['Response']",
]


def fastapi_refuses(text: str) -> bool:
    try:
        exec(text, {"__name__": "judged"})
    except FastAPIError:
        return True
    return False


def route(returns: str = "", options: str = "") -> str:
    arrow = f" -> {returns}" if returns else ""
    return f'{textwrap.dedent(HEAD)}\n@router.get("/x"{options})\nasync def read(){arrow}: ...\n'


@pytest.mark.parametrize("returns", RETURNS)
def test_a_return_annotation_is_found_when_fastapi_refuses_it(returns: str) -> None:
    text = route(returns)
    assert bool(Source({"m.py": text}).found("response-annotation")) == fastapi_refuses(text)


@pytest.mark.parametrize(
    "options",
    [
        ", response_model=None",
        ", response_model=Model",
        ", response_model=Response",
        ", response_model=Union[Model, Response]",
        ", response_model=Model | Response",
        ", response_model=List[Model]",
        ", status_code=201",
    ],
)
@pytest.mark.parametrize("returns", ["Model | Response", "Model", ""])
def test_an_explicit_response_model_counts_in_place_of_the_annotation(returns: str, options: str) -> None:
    text = route(returns, options)
    assert bool(Source({"m.py": text}).found("response-annotation")) == fastapi_refuses(text)


def test_the_route_the_line_and_the_others_of_the_pattern_are_told() -> None:
    other = (
        'from fastapi import FastAPI, Response\napp = FastAPI()\n@app.post("/y")\ndef write() -> Response | dict: ...'
    )
    first, second = Source({"m.py": route("Model | Response"), "other.py": other}).found("response-annotation")
    assert first.id == "response-annotation:m.py:read"
    assert first.title == 'Route GET /x returns "Model | Response", which FastAPI refuses'
    assert first.severity == "blocks_now"
    assert [str(place) for place in first.locations] == ["m.py:16"]
    assert "Same pattern: POST /y at other.py:4" in first.evidence
    assert second.details["same_pattern"] == ["m.py:16"]


def test_a_signature_of_several_lines_points_to_the_annotation() -> None:
    text = (
        f'{HEAD}\n@router.get(\n    "/x",\n)\ndef read(\n    a: int,\n) -> Union[\n    Model,\n    Response,\n]: ...\n'
    )
    (finding,) = Source({"m.py": text}).found("response-annotation")
    assert 'returns "Union[ Model, Response, ]"' in finding.title
    assert finding.locations[0].line == text.replace("\n", "", 1).split("\n").index(") -> Union[") + 1


def test_a_router_from_another_module_and_one_made_in_a_function() -> None:
    imported = "from r import router\nfrom fastapi import Response\n@router.get('/')\ndef f() -> dict | Response: ..."
    nested = "from fastapi import Response\ndef make(app):\n    @app.get('/')\n    def f() -> dict | Response: ..."
    project = Source({"r.py": "from fastapi import APIRouter\nrouter = APIRouter()", "a.py": imported, "b.py": nested})
    assert [finding.locations[0].path for finding in project.found("response-annotation")] == ["a.py", "b.py"]


def test_other_frameworks_and_other_responses() -> None:
    flask = "from flask import Flask, Response\napp = Flask(__name__)\n@app.get('/')\ndef f() -> dict | Response: ..."
    route = "@router.get('/')\ndef f() -> dict | Response: ..."
    httpx = f"from fastapi import APIRouter\nfrom httpx import Response\nrouter = APIRouter()\n{route}"
    assert Source({"a.py": flask, "b.py": httpx}).found("response-annotation") == []


REFUSED = "@router.get('/')\ndef f() -> Response | None: ...\n"


def test_a_route_that_is_expected_to_be_refused_is_none() -> None:
    expected = "def test():\n    with pytest.raises(FastAPIError):\n" + textwrap.indent(REFUSED, " " * 8)
    (found,) = Source({"test_routes.py": HEAD + expected + REFUSED}).found("response-annotation")
    assert found.locations[0].line == (HEAD + expected).lstrip().count("\n") + 2


def test_an_example_that_the_suite_does_not_load_is_a_smell() -> None:
    files = {"docs/a.py": HEAD + REFUSED, "docs/b.py": HEAD + REFUSED, "app.py": HEAD + REFUSED}
    found = Source({**files, "tests/test_docs.py": "import docs.b"}).found("response-annotation")
    assert {one.locations[0].path: one.severity for one in found} == {
        "app.py": "blocks_now",
        "docs/a.py": "smell",
        "docs/b.py": "blocks_now",
    }
