"""A route that one before it answers for is named, with that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test

FIXED = '@app.get("/trips/next")\ndef next_trip(): ...\n'
ANY = '@app.get("/trips/{number}")\ndef trip(number: int): ...\n'
TEST = """
    from fastapi.testclient import TestClient
    from shop.api import app

    def test_next():
        assert TestClient(app).get("/trips/next").json() == 3
"""


@pytest.mark.parametrize(
    ("routes", "hidden"),
    [
        (ANY + FIXED, True),
        (FIXED + ANY, False),
        (ANY.replace("get", "post") + FIXED, False),
        (ANY.replace("{number}", "{number}/seats") + FIXED, False),
        (ANY.replace("{number}", "<number>") + FIXED, False),
    ],
)
def test_a_route_below_one_that_takes_its_path(tmp_path: Path, routes: str, hidden: bool) -> None:
    files = {"shop/api.py": f"from fastapi import FastAPI\napp = FastAPI()\n{routes}", "tests/test_api.py": TEST}
    failure = failure_with(
        "assert {'detail': 'no'} == 3", "AssertionError", frames=(in_test("tests/test_api.py", 6, "test_next"),)
    )

    (cause,) = told_of(tmp_path, files, suite([result("tests/test_api.py::test_next", failure)], [failure]))

    assert (cause.kind == "route-shadowed") == hidden
    if hidden:
        assert places(cause)[:2] == ["shop/api.py:6", "shop/api.py:4"]
        assert cause.title == "GET /trips/next is answered by /trips/{number}, which is declared before it"
