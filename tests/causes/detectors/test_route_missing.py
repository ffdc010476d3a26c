"""A FastAPI and a Flask application whose tests ask for paths that no route has."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, names_of, places, told
from tests.helpers import write_project

FASTAPI = {
    "shop/orders.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/orders")

        @router.get("")
        def listed():
            return []

        @router.get("/{order_id}/items")
        def items(order_id: int):
            return []
        """,
    "shop/users.py": """
        from fastapi import APIRouter, HTTPException

        router = APIRouter()

        @router.get("/users/{name}")
        def user(name: str):
            raise HTTPException(404, "no such user")
        """,
    "shop/reports.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/reports")

        @router.get("/daily")
        def daily():
            return {}
        """,
    "shop/app.py": """
        from fastapi import FastAPI
        from shop import orders

        def create_app():
            from shop.users import router as users
            app = FastAPI()
            app.include_router(orders.router, prefix="/api")
            app.include_router(users, prefix="/api")
            return app
        """,
    "tests/test_api.py": """
        import pytest
        from fastapi.testclient import TestClient
        from shop.app import create_app

        BASE = "/api"

        @pytest.fixture
        def client():
            return TestClient(create_app())

        def test_list(client):
            assert client.get(f"{BASE}/orders").status_code == 200

        def test_report(client):
            response = client.get("/api/reports/daily")
            assert response.status_code == 200

        def test_second_report(client):
            client.get("/api/orders").raise_for_status()
            client.get("/api/reports/daily", params={"day": 1}).raise_for_status()

        def test_misspelt(client):
            for order in (1, 2):
                response = client.get(f"/api/orders/{order}/item")
                assert response.status_code == 200

        def test_create(client):
            response = client.post(BASE + "/orders", json={})
            assert response.status_code == 201

        def test_old_prefix(client):
            response = client.get("/api/v1/orders/1/items")
            assert response.status_code == 200

        def test_user(client):
            response = client.get("/api/users/eve")
            assert response.status_code == 200

        def test_reports_in_schema(client):
            paths = client.get("/openapi.json").json()["paths"]
            assert sorted(paths) == ["/api/reports/daily", "/api/users/{name}"]

        def test_whole_schema(client):
            paths = client.get("/openapi.json").json()["paths"]
            assert sorted(paths) == ["/api/orders", "/api/reports/daily"]
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), FASTAPI)
    return {cause.id: cause for cause in found}


@pytest.mark.slow
def test_a_router_that_nothing_includes_is_named_with_its_line_and_where_others_are_included(
    causes: dict[str, Cause],
) -> None:
    cause = causes["route-missing:shop.reports.router"]

    assert cause.title == "Router shop.reports.router is never included"
    assert names_of(cause) >= {"test_report", "test_second_report"}
    assert places(cause) == ["shop/reports.py:3", "shop/app.py:7", "shop/app.py:8"]
    assert "Requested: GET /api/reports/daily" in told(cause)


@pytest.mark.slow
def test_a_path_that_no_route_has_is_named_with_the_nearest_route(causes: dict[str, Cause]) -> None:
    cause = causes["route-missing:/api/orders/{}/item"]

    assert cause.title == "No route answers GET /api/orders/{}/item; the nearest is GET /api/orders/{order_id}/items"
    assert names_of(cause) == {"test_misspelt"}
    assert places(cause)[0] == "shop/orders.py:10"


@pytest.mark.slow
def test_a_method_that_no_route_of_the_path_has_is_named_with_those_that_it_has(causes: dict[str, Cause]) -> None:
    cause = causes["route-missing:POST /api/orders"]

    assert cause.title == "/api/orders answers GET, and not POST"
    assert (names_of(cause), places(cause)) == ({"test_create"}, ["shop/orders.py:6"])


@pytest.mark.slow
def test_a_prefix_that_is_another_one_is_named_with_where_the_router_is_included(causes: dict[str, Cause]) -> None:
    cause = causes["route-missing:shop.orders.router"]

    assert names_of(cause) == {"test_old_prefix"}
    assert str(cause.next_step).startswith("Correct the prefix of its router or the request")
    assert places(cause)[:3] == ["shop/orders.py:10", "shop/app.py:7", "shop/orders.py:3"]


@pytest.mark.slow
def test_an_answer_of_the_applications_own_code_is_not_taken_for_a_missing_route(causes: dict[str, Cause]) -> None:
    (cause,) = (cause for cause in causes.values() if "test_user" in names_of(cause))

    assert cause.kind == "failure-group"
    assert "shop/users.py:7" in places(cause)[:3]


@pytest.mark.slow
def test_a_test_of_the_schema_belongs_to_the_one_route_that_it_expects_and_that_nothing_answers(
    causes: dict[str, Cause],
) -> None:
    by_test = {test: cause for cause in causes.values() for test in names_of(cause)}

    assert by_test["test_reports_in_schema"] is by_test["test_report"]
    assert "A test of the whole schema expects what is requested" in told(by_test["test_report"])
    assert by_test["test_whole_schema"].kind == "failure-group"  # two of the missing ones: which is not guessed
    assert len(causes) == 6


def test_a_blueprint_has_the_prefix_that_it_is_registered_with_and_one_that_is_not_is_not_reached(
    tmp_path: Path,
) -> None:
    files = {
        "shop/blog.py": """
            from flask import Blueprint

            bp = Blueprint("blog", __name__, url_prefix="/blog")

            @bp.route("/posts", methods=["POST"])
            def write():
                return "ok"
            """,
        "shop/auth.py": """
            from flask import Blueprint

            bp = Blueprint("auth", __name__, url_prefix="/auth")

            @bp.get("/login")
            def login():
                return "ok"
            """,
        "shop/app.py": """
            from flask import Flask

            def create_app():
                from . import auth
                app = Flask(__name__)
                app.register_blueprint(auth.bp, url_prefix="/session")
                return app
            """,
    }
    target = find_target(
        write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files})
    )

    routing = Declarations.of(target).routing

    assert {(route.methods, route.path, route.reached) for route in routing.routes} == {
        (("GET",), "/session/login", True),
        (("POST",), "/blog/posts", False),
    }
    assert [(one.name, [str(place) for place in one.included]) for one in routing.routers] == [
        ("shop.auth.bp", ["shop/app.py:6"]),
        ("shop.blog.bp", []),
    ]


def test_a_router_whose_routes_are_used_otherwise_is_not_said_to_be_forgotten(tmp_path: Path) -> None:
    files = {
        "shop/app.py": """
            from fastapi import APIRouter, FastAPI

            app = FastAPI()
            called_back = APIRouter()
            told = APIRouter()
            nested, listed = APIRouter(), APIRouter(prefix="/listed")
            forgotten = APIRouter(prefix="/forgotten")
            outer = APIRouter(prefix="/outer")

            @called_back.post("{$callback_url}/paid")
            def paid(): ...

            @app.post("/invoices", callbacks=called_back.routes)
            def invoices(): ...

            @forgotten.get("/here")
            def here(): ...

            inner = APIRouter(prefix="/inner")

            @inner.get("/there")
            def there(): ...

            outer.include_router(inner, prefix="/v1")
            app.include_router(outer, callbacks=told.routes)
            for one in [listed]:
                app.include_router(one)
            """,
    }
    target = find_target(
        write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files})
    )

    routing = Declarations.of(target).routing

    assert [one.name for one in routing.routers if not one.included] == ["shop.app.forgotten"]
    assert {route.path for route in routing.routes if route.function == "there"} == {"/outer/v1/inner/there"}


def test_a_blueprint_that_a_factory_imports_by_the_name_of_a_package_is_included(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": """
            from flask import Flask

            def create_app():
                from shop.pets.views import pets
                app = Flask(__name__)
                app.register_blueprint(pets, url_prefix="/pets")
                return app
            """,
        "shop/pets/__init__.py": "",
        "shop/pets/views.py": """
            from flask import Blueprint

            pets = Blueprint("pets", __name__)

            @pets.get("/<int:number>")
            def one(number):
                return {}
            """,
    }
    target = find_target(write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, **files}))
    (route,) = Declarations.of(target).routing.routes
    assert (route.path, route.reached) == ("/pets/<int:number>", True)


REFUSING = {
    "shop/app.py": """
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        KNOWN = {1: "Tom"}

        @app.get("/pets/{pet_id}")
        def show_pet(pet_id: int):
            if pet_id not in KNOWN:
                raise HTTPException(405, "no such pet")
            return KNOWN[pet_id]

        @app.get("/owners/{owner_id}")
        def show_owner(owner_id: int):
            if owner_id in (1, 2):
                raise HTTPException(404, "no such owner")
            if owner_id > 99:
                raise HTTPException(404, "no such number")
            return owner_id
        """,
    "tests/test_pets.py": """
        from fastapi.testclient import TestClient
        from shop.app import app

        def test_pet(): assert TestClient(app).get("/pets/1").json() == "Tom"
        def test_no_pet(): assert TestClient(app).get("/pets/7").status_code == 404
        def test_owner(): assert TestClient(app).get("/owners/1").status_code == 200
        def test_no_owner(): assert TestClient(app).get("/owners/100").status_code == 404
        """,
}


@pytest.mark.slow
def test_a_status_that_a_route_itself_answers_with_is_no_missing_route(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, REFUSING, records=True)

    assert {cause.kind for cause in causes} == {"failure-group"}
    assert {place for cause in causes for place in places(cause)[:3]} >= {"shop/app.py:9", "shop/app.py:14"}


HEROES = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/heroes/{number}")
    def show(number: int):
        return number

    @app.delete("/{path}/{number}")
    def remove(number: int):
        return number
    """


@pytest.mark.slow
@pytest.mark.parametrize(("path", "first"), [("heroess", "shop/app.py:10"), ("teams", "shop/app.py:6")])
def test_a_route_whose_path_was_changed_comes_before_those_of_other_methods(
    tmp_path: Path, path: str, first: str
) -> None:
    test = """
        from fastapi.testclient import TestClient
        from shop.app import app

        def test_show(): assert TestClient(app).get("/heroes/1").json() == 1
        def test_remove(): assert TestClient(app).delete("/heroes/1").status_code == 200
        """

    (cause,), _ = investigated(tmp_path, {"shop/app.py": HEROES.replace("{path}", path), "tests/test_heroes.py": test})

    assert (cause.kind, places(cause)[0]) == ("route-missing", first)


SETTINGS = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.{}
    def info():
        return {{"name": "shop"}}
    """
BY_BODY = """
    import importlib
    import pytest
    from fastapi.testclient import TestClient

    @pytest.fixture(params=["plain", "other"])
    def package(request):
        return f"docs.{request.param}"

    @pytest.fixture
    def client(package):
        return TestClient(importlib.import_module(f"{package}.main").app)

    def test_info(client):
        response = client.get("/info")
        assert response.json() == {"name": "shop"}
    """


@pytest.mark.slow
@pytest.mark.parametrize(
    ("route", "title"),
    [
        ('get("/v2/info")', "No route answers GET /info; the nearest is GET /v2/info"),
        ('put("/info")', "/info answers PUT, and not GET"),
    ],
    ids=["path", "method"],
)
def test_a_body_that_the_framework_answers_with_is_a_missing_route_of_the_module_that_a_parameter_names(
    tmp_path: Path, route: str, title: str
) -> None:
    files = {
        "docs/plain/main.py": SETTINGS.format('get("/info")'),
        "docs/other/main.py": SETTINGS.format(route),
        "tests/test_docs.py": BY_BODY,
    }

    (cause,), _ = investigated(
        tmp_path, {**dict.fromkeys(("docs/plain/__init__.py", "docs/other/__init__.py"), ""), **files}
    )

    assert (cause.title, places(cause)[0]) == (title, "docs/other/main.py:6")


TEAMS = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.post("/teams/")
    def create():
        return {{}}

    @app.{listed}
    def listed():
        return []

    @app.get("/teams/{{number}}")
    def show(number: int):
        return number
    """
OF_TEAMS = """
    import importlib
    import pytest
    from fastapi.testclient import TestClient

    @pytest.fixture(params=["plain", "other"])
    def client(request):
        return TestClient(importlib.import_module(f"docs.{request.param}").app)

    def test_teams(client):
        assert client.get("teams/").status_code == 200

    @pytest.mark.parametrize("url, expected", [("/teams/7", 7), pytest.param("/teams/12", 12)])
    def test_team(client, url, expected):
        response = client.get(url)
        assert response.status_code == 200
        assert response.json() == expected

    def test_schema(client):
        paths = client.get("/openapi.json").json()["paths"]
        assert {path: sorted(methods) for path, methods in paths.items()} == {
            "/teams/": ["get", "post"],
            "/teams/{number}": ["get"],
        }
    """


def _teams(folder: Path, other: str) -> tuple[Cause, ...]:
    plain = TEAMS.format(listed='get("/teams/")')
    files = {"docs/__init__.py": "", "docs/plain.py": plain, "docs/other.py": other, "tests/test_teams.py": OF_TEAMS}
    return investigated(folder, files)[0]


@pytest.mark.slow
def test_a_route_that_a_module_beside_has_too_is_missed_in_the_one_that_a_parameter_names(tmp_path: Path) -> None:
    (cause,) = _teams(tmp_path, TEAMS.format(listed='get("/v2/teams/")'))

    assert cause.title == "/teams/ answers POST, and not GET"
    assert places(cause)[0] == "docs/other.py:10", "the route with the end of the path, before one that is like it"
    assert names_of(cause) == {"test_teams[other]", "test_schema[other]"}


@pytest.mark.slow
def test_paths_that_parameters_of_a_test_give_are_looked_for(tmp_path: Path) -> None:
    other = TEAMS.format(listed='get("/teams/")').replace('get("/teams/{number}")', 'put("/teams/{number}")')
    (cause,) = _teams(tmp_path, other)

    assert places(cause) == ["docs/other.py:14"], "not the list, whose path is shorter"
    assert names_of(cause) == {"test_team[other-/teams/7-7]", "test_team[other-/teams/12-12]", "test_schema[other]"}
    assert cause.evidence[0].text == "The route of that path: PUT /teams/{number}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left", "first"),
    [("pass", "shop/app.py:6"), ("# app.include_router(users)", "shop/app.py:6"), ("", "shop/app.py:3")],
    ids=["nothing done", "comment", "no trace"],
)
def test_the_line_that_is_left_of_a_router_that_was_included_comes_first(tmp_path: Path, left: str, first: str) -> None:
    router = """
        from fastapi import APIRouter


        router = APIRouter()

        @router.get("/{}")
        def listed():
            return []
        """
    app = f"""
        from fastapi import FastAPI
        from shop import orders
        from shop.users import router as users

        app = FastAPI()
        {left}
        app.include_router(orders.router)
        """
    test = """
        from fastapi.testclient import TestClient
        from shop.app import app

        def test_orders(): assert TestClient(app).get("/orders").status_code == 200
        def test_users(): assert TestClient(app).get("/users").status_code == 200
        """
    routers = {f"shop/{name}.py": router.format(name) for name in ("orders", "users")}
    (cause,), _ = investigated(tmp_path, {**routers, "shop/app.py": app, "tests/test_app.py": test})

    assert cause.title == "Router shop.users.router is never included"
    assert places(cause)[0] == first
    assert "shop/app.py:7" in places(cause)[1:], "where another one is included"


@pytest.mark.slow
@pytest.mark.parametrize("use", ["import users", "from shop.users import router"])
def test_the_one_router_that_is_imported_and_not_used_is_missed_at_the_application(tmp_path: Path, use: str) -> None:
    files = {
        "shop/users.py": """
            from fastapi import APIRouter
            router = APIRouter()
            @router.get("/users")
            def listed(): return []
            """,
        "shop/app.py": f"""
            from fastapi import FastAPI
            {use.replace("import users", "from shop import users")}

            app = FastAPI(title="shop")

            @app.get("/")
            def root(): return {{}}
            """,
        "tests/test_app.py": """
            from fastapi.testclient import TestClient
            from shop.app import app

            def test_root(): assert TestClient(app).get("/").status_code == 200
            def test_users(): assert TestClient(app).get("/users").status_code == 200
            """,
    }
    (cause,), _ = investigated(tmp_path, files)

    assert cause.title == "Router shop.users.router is never included"
    assert places(cause) == ["shop/app.py:2", "shop/app.py:4", "shop/users.py:2"]
    assert "nothing in this file uses it" in told(cause)


def test_a_package_or_a_test_that_imports_a_router_for_others_is_not_said_to_have_forgotten_it(tmp_path: Path) -> None:
    router = "from fastapi import APIRouter\nrouter = APIRouter()\n"
    files = {
        "shop/api/__init__.py": "from fastapi import FastAPI\nfrom shop.api.users import router\n",
        "shop/api/users.py": router,
        "shop/listed.py": "from fastapi import FastAPI\nfrom shop.api.users import router\n__all__ = ['router']\n",
        "tests/test_api.py": "from fastapi import FastAPI\nfrom shop.api.users import router\n",
    }
    target = find_target(
        write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", **files})
    )

    assert [one.unused for one in Declarations.of(target).routing.routers] == [()]
