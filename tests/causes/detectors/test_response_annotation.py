"""A return annotation that FastAPI refuses: the file cannot be collected, the cause is the route."""

from __future__ import annotations

from fastapi import FastAPI, Response
from pydantic import BaseModel

from kit.facts.failures import Failure
from kit.facts.places import Location
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_of, failure_with, own

MESSAGE = (
    "Invalid args for response field! Hint: check that {} | starlette.responses.Response is a valid Pydantic field "
    "type. If you are using a return type annotation that is not a valid Pydantic field ..."
)
ROUTE = finding("response-annotation", "app/exports/routes.py:download", "app/exports/routes.py:22")
SIBLING = finding("response-annotation", "app/reports/routes.py:render", "app/reports/routes.py:9")


def refused(name: str, path: str, line: int) -> Failure:
    frames = (own(path, line, "<module>"),)
    return failure_with(MESSAGE.format(name), "fastapi.exceptions.FastAPIError", phase="collect", frames=frames)


def test_files_that_cannot_be_collected_are_told_as_files() -> None:
    failure = refused("app.exports.schemas.Export", "app/exports/routes.py", 20)

    (cause,) = causes_of(suite([], test_a=failure, test_b=failure), inventory(findings=[ROUTE]))

    assert cause.id == "response-annotation:app/exports/routes.py:download"
    assert (cause.tests, cause.uncollectable) == ((), ("tests/test_a.py", "tests/test_b.py"))
    assert cause.locations == (Location("app/exports/routes.py", 22),)
    assert cause.state == "consistent"


class Export(BaseModel):
    rows: int


def test_what_fastapi_says_today_is_understood() -> None:
    def build() -> None:
        app = FastAPI()

        @app.get("/export")
        def export() -> Export | Response:
            return Export(rows=1)

    failure = failure_of(build, owner="own")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]))

    assert cause.kind == "response-annotation"
    assert cause.locations[0].path == __file__
    assert cause.tests == ("t.py::a",)


def test_other_routes_with_the_pattern_are_told_before_they_fail() -> None:
    failure = refused("app.exports.schemas.Export", "app/exports/routes.py", 20)

    (cause,) = causes_of(suite([], test_a=failure), inventory(findings=[SIBLING, ROUTE]))

    assert cause.locations[1:] == (Location("app/reports/routes.py", 9, "same pattern"),)
    assert [item.anchor for item in cause.evidence if item.text.startswith("Same pattern")] == [
        f"#finding-{SIBLING.id}"
    ]


def test_two_routes_that_failed_are_two_causes() -> None:
    first = refused("app.exports.schemas.Export", "app/exports/routes.py", 20)
    second = refused("app.reports.schemas.Report", "app/reports/routes.py", 8)

    causes = causes_of(suite([], test_a=first, test_b=second), inventory(findings=[SIBLING, ROUTE]))

    assert {(cause.id, cause.uncollectable) for cause in causes} == {
        (ROUTE.id, ("tests/test_a.py",)),
        (SIBLING.id, ("tests/test_b.py",)),
    }


def test_findings_without_any_failure_are_one_cause() -> None:
    (cause,) = causes_of(None, inventory(findings=[ROUTE, SIBLING]))

    assert (cause.id, len(cause.locations), cause.uncollectable) == (ROUTE.id, 2, ())
