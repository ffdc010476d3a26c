"""A router that nothing includes is included where its neighbours are."""

from __future__ import annotations

from pathlib import Path

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

ROUTES = 'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/{0}")\n\n\n@router.get("/")\ndef {0}(): ...\n'
MAIN = """
from fastapi import FastAPI

from app.orders.routes import router as orders

app = FastAPI()
app.include_router(orders, prefix="/api", tags=["orders"])  # v1
"""


def lonely(path: str, line: int = 3) -> Cause:
    return cause("route-missing", "app.bills.routes.router", f"{path}:{line} router")


def app(main: str, **more: str) -> dict[str, str | bytes]:
    packages: dict[str, str | bytes] = {f"app/{name}/__init__.py": "" for name in ("orders", "bills", "teams")}
    routes: dict[str, str | bytes] = {
        f"app/{name}/routes.py": ROUTES.replace("{0}", name) for name in ("orders", "bills", "teams")
    }
    return {"app/__init__.py": "", **packages, **routes, "app/main.py": main} | {
        f"app/{name}.py": text for name, text in more.items()
    }


def test_a_router_that_is_included_has_no_option(tmp_path: Path) -> None:
    main = MAIN + "\nfrom app.bills.routes import router\napp.include_router(router)\n"

    assert options_for(tmp_path, app(main), lonely("app/bills/routes.py")) == {}


def test_without_another_router_there_is_no_place_to_include_it(tmp_path: Path) -> None:
    main = "from fastapi import FastAPI\n\napp = FastAPI()\n"

    assert options_for(tmp_path, app(main), lonely("app/bills/routes.py")) == {}


def test_the_call_is_repeated_bare_and_with_the_arguments_of_its_neighbour(tmp_path: Path) -> None:
    found = options_for(tmp_path, app(MAIN), lonely("app/bills/routes.py"))

    assert set(found) == {"include-router", "include-router-like-neighbour"}
    text = patched(tmp_path, found["include-router"])["app/main.py"]
    assert 'prefix="/api", tags=["orders"])  # v1\napp.include_router(router)\n' in text
    assert "from app.bills.routes import router\n" in text
    assert '+app.include_router(router, prefix="/api", tags=["orders"])' in found["include-router-like-neighbour"].patch


def test_a_list_of_routers_gets_one_more_in_its_own_shape(tmp_path: Path) -> None:
    several = """
from fastapi import FastAPI

from app.orders.routes import router as orders
from app.teams.routes import router

ROUTERS = [
    orders,
    router,  # the last
]
app = FastAPI()
for one in ROUTERS:
    app.include_router(one)
"""
    (option,) = options_for(tmp_path, app(several), lonely("app/bills/routes.py")).values()

    text = patched(tmp_path, option)["app/main.py"]

    assert "    orders,\n    router,\n    routes_router,  # the last\n]" in text
    assert "from app.bills.routes import router as routes_router\n" in text


def test_the_list_of_its_own_package_comes_before_that_of_the_application(tmp_path: Path) -> None:
    api = "from app.bills.more import router\n\nROUTERS = (router,)\n"
    main = MAIN.replace("\napp = ", "from app.bills.api import ROUTERS\n\napp = ") + (
        "for one in ROUTERS:\n    app.include_router(one)\n"
    )
    files = app(main) | {"app/bills/api.py": api, "app/bills/more.py": ROUTES.replace("{0}", "more")}

    first, *others = options_for(tmp_path, files, lonely("app/bills/routes.py")).values()

    assert first.files == ("app/bills/api.py",)
    assert {path for option in others for path in option.files} == {"app/main.py"}
    text = patched(tmp_path, first)["app/bills/api.py"]
    assert "ROUTERS = (router, routes_router)\n" in text
