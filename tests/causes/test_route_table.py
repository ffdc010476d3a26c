"""The table of routes finds what looking at every route would find."""

from __future__ import annotations

from itertools import product

import pytest

from kit.causes.scene.route_matching import answers, other_prefix, same_end
from kit.causes.scene.route_table import RouteTable
from kit.facts.declarations import Request, Route, Routing
from kit.facts.places import Location

HEADS = ("", "/api", "/api/v1", "/{tenant}", "{*}", "/<int:shop>")
TAILS = ("", "/orders", "/orders/{order}", "/orders/{order}/lines", "/files/{path:path}", "/{any}.json", "/<path:rest>")
ASKED = (
    "/",
    "/orders",
    "/api/orders",
    "/api/v1/orders/",
    "/api/orders/17",
    "/api/orders/{}",
    "/shop/orders/17/lines",
    "/api/files/a/b/c.txt",
    "/api/v1/17.json",
    "/other/place",
    "/v2/orders/17",
    "/lines",
)


def _route(path: str, line: int) -> Route:
    reached = line % 3 != 0
    return Route(("GET",) if line % 2 else ("POST",), path or "/", "f", Location("app/api.py", line), "app", reached)


TABLE = RouteTable(Routing(tuple(_route(head + tail, line) for line, (head, tail) in enumerate(product(HEADS, TAILS)))))


def _asking(path: str) -> Request:
    return Request("GET", path, Location("tests/test_api.py", 3))


@pytest.mark.parametrize("path", ASKED)
def test_the_table_answers_what_a_look_at_each_route_answers(path: str) -> None:
    expected = [route for route in TABLE.routing.routes if answers(route, _asking(path))]
    assert TABLE.answering(_asking(path)) == expected


@pytest.mark.parametrize("path", ASKED)
def test_the_table_finds_every_route_that_ends_the_same(path: str) -> None:
    assert TABLE.ending_like(path) == [route for route in TABLE.routing.routes if same_end(route, path)]


def test_the_table_is_not_tested_on_requests_that_nothing_fits() -> None:
    assert sum(bool(TABLE.answering(_asking(path))) for path in ASKED) >= 10
    assert sum(bool(TABLE.ending_like(path)) for path in ASKED) >= 8


def test_the_nearest_route_is_one_that_is_reached_and_has_the_method() -> None:
    near = TABLE.nearest(_asking("/api/v1/order"))
    assert near is not None
    assert near.path.startswith("/api/v1/orders")
    assert near.reached


def test_no_route_is_near_what_is_nothing_like_any() -> None:
    assert TABLE.nearest(_asking("/zzzzzzzz/qqqqqqqqqq/xxxxxxxxxxxxx")) is None


@pytest.mark.parametrize(
    ("path", "is_other"),
    [("/v1/orders", True), ("/api/orders", False), ("/v1/users", False), ("/orders", False), ("/v1/orders/1", False)],
)
def test_a_path_that_differs_in_its_first_part_alone_has_another_prefix(path: str, is_other: bool) -> None:
    assert other_prefix(_route("/api/orders", 1), path) is is_other
