"""Tests that replace a name which the code under test does not look up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, names_of, places

pytestmark = pytest.mark.slow

CLOCK = {
    "shop/clock.py": """
        def now():
            return 1

        def zone():
            return "UTC"
    """,
    "shop/orders.py": """
        from shop.clock import now as current, zone

        def stamp():
            return current()

        def label():
            return zone()
    """,
}
PATCHING = """
    from shop import clock, orders

    def test_by_name(monkeypatch):
        monkeypatch.setattr("shop.clock.now", lambda: 5)
        assert orders.stamp() == 5

    def test_by_object(monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: 7)
        assert orders.stamp() == 7
"""
#: enough of FastAPI to be read and run as it is
WEB = {
    "shop/web.py": """
        class App:
            def __init__(self):
                self.dependency_overrides = {}

            def get(self, view):
                function = view.__defaults__[0]
                return view(self.dependency_overrides.get(function, function)())

        def Depends(function):
            return function
    """,
    "shop/deps.py": "def get_user():\n    return None\n",
    "shop/api.py": """
        from shop.web import App, Depends

        app = App()

        def get_user():
            return "nobody"

        def me(user=Depends(get_user)):
            return user
    """,
}
OVERRIDING = """
    import pytest
    from shop.api import app, me
    from shop.deps import get_user

    @pytest.fixture
    def client():
        app.dependency_overrides[get_user] = lambda: "ann"
        yield app
        app.dependency_overrides.clear()

    def test_me(client):
        assert client.get(me) == "ann"

    def test_somebody(client):
        assert client.get(me) != "nobody"
"""


def test_a_name_that_another_module_has_imported_is_patched_in_vain(tmp_path: Path) -> None:
    (cause,), _ = investigated(tmp_path, {**CLOCK, "tests/test_orders.py": PATCHING}, records=True)

    assert cause.title == "Tests replace shop.clock.now, but the code under test uses shop.orders.current"
    assert names_of(cause) == {"test_by_name", "test_by_object"}
    assert places(cause)[:3] == ["tests/test_orders.py:4", "tests/test_orders.py:8", "shop/orders.py:1"]
    assert cause.evidence[0].text == "All 2 failing tests execute now, though they replace it"
    assert cause.next_step.text == "Patch shop.orders.current, where the code under test looks it up."


def test_the_dependency_of_a_route_is_another_function_of_the_same_name(tmp_path: Path) -> None:
    (cause,), _ = investigated(tmp_path, {**WEB, "tests/test_api.py": OVERRIDING}, records=True)

    assert cause.title == "Tests replace shop.deps.get_user, but the code under test uses shop.api.get_user"
    assert names_of(cause) == {"test_me", "test_somebody"}
    assert places(cause)[:2] == ["tests/test_api.py:7", "shop/api.py:8"]
    assert cause.next_step.text == "Replace shop.api.get_user, which is what the code under test uses."


@pytest.mark.parametrize(
    "test",
    {
        "where it is looked up": 'monkeypatch.setattr("shop.orders.current", lambda: 5)',
        "another name": 'monkeypatch.setattr("shop.clock.zone", lambda: "CET")',
        "nothing": "pass",
    }.values(),
)
def test_other_failures_of_patching_tests_are_not_explained_so(tmp_path: Path, test: str) -> None:
    text = f"from shop import orders\n\ndef test_it(monkeypatch):\n    {test}\n    assert orders.stamp() == 9\n"
    causes, _ = investigated(tmp_path, {**CLOCK, "tests/test_orders.py": text}, records=True)

    assert [cause.kind for cause in causes if cause.kind == "replaced-elsewhere"] == []
    assert sum(len(cause.tests) for cause in causes) == 1
