"""A middleware that returns nothing is named where a framework stumbles over it, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.failures import Frame
from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own

LIBRARY = Frame("/env/site-packages/starlette/middleware/base.py", 204, "__call__", "library")
FORGETS = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.middleware("http")
    async def timed(request, call_next):
        response = await call_next(request)
        response.headers["X-Time"] = "1"
    """
RETURNS = FORGETS + "    return response\n"
CALLED = """
    from shop.hooks import timed
    def create_app():
        app = Flask(__name__)
        app.after_request(timed)
        return app
    """
HOOKS = "def timed(response):\n    response.headers['X-Time'] = '1'\n"


def _causes(folder: Path, files: dict[str, str], *frames: Frame) -> tuple[Cause, ...]:
    said = "'NoneType' object is not callable"
    failure = failure_with(said, "TypeError", frames=(in_test("tests/test_app.py", 4, "test_app"), *frames))
    return told_of(folder, files, suite([result("tests/test_app.py::test_app", failure)], [failure]))


def test_a_middleware_without_a_return_is_named(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, {"shop/app.py": FORGETS}, LIBRARY)

    assert (cause.kind, places(cause)[0]) == ("hook-without-answer", "shop/app.py:8")


def test_a_function_that_is_handed_to_the_application_is_named_where_it_stands(tmp_path: Path) -> None:
    flask = Frame("/env/site-packages/flask/app.py", 1518, "wsgi_app", "library")
    (cause,) = _causes(tmp_path, {"shop/app.py": CALLED, "shop/hooks.py": HOOKS}, flask)

    assert places(cause)[0] == "shop/hooks.py:2"


@pytest.mark.parametrize(
    ("text", "frame"),
    [(RETURNS, LIBRARY), (FORGETS, own("shop/prices.py", 3, "price"))],
    ids=["it returns", "code of the target"],
)
def test_nothing_is_said_of_a_hook_that_returns_or_of_a_failure_elsewhere(
    tmp_path: Path, text: str, frame: Frame
) -> None:
    (cause,) = _causes(tmp_path, {"shop/app.py": text}, frame)

    assert cause.kind == "failure-group"
