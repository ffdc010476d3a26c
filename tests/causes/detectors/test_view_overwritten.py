"""Two views of one endpoint are both named, as is the decorator that gives all its views one name."""

from __future__ import annotations

from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

APP = """
    from flask import Flask

    def create_app():
        from shop.visits import visits
        app = Flask(__name__)
        app.register_blueprint(visits)
        return app
    """


def _cause(folder: Path, visits: str, endpoint: str) -> Cause:
    files = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "shop/app.py": APP, "shop/visits.py": visits}
    target = find_target(write_project(folder / "shop", files))
    said = f"View function mapping is overwriting an existing endpoint function: {endpoint}"
    failure = failure_with(said, "AssertionError", frames=(own("shop/app.py", 7, "create_app"),))
    facts = suite([result("tests/test_app.py::test_app", failure)], [failure])
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


def test_both_views_are_named_the_refused_one_first(tmp_path: Path) -> None:
    visits = """
        from flask import Blueprint

        visits = Blueprint("visits", __name__)

        @visits.get("/all")
        @visits.get("/")
        def plan():
            return {}

        @visits.get("/<day>")
        def plan(day):
            return {}
        """
    cause = _cause(tmp_path, visits, "visits.plan")
    assert cause.kind == "view-overwritten"
    assert cause.title == 'Two views have the endpoint "visits.plan"'
    assert places(cause)[:2] == ["shop/visits.py:11", "shop/visits.py:7"]


def test_a_decorator_without_wraps_is_named(tmp_path: Path) -> None:
    visits = """
        from flask import Blueprint

        visits = Blueprint("visits", __name__)

        def for_members(view):
            def guarded(*args, **kwargs):
                return view(*args, **kwargs)
            return guarded

        @visits.get("/")
        @for_members
        def listed():
            return {}

        @visits.get("/<day>")
        @for_members
        def on_day(day):
            return {}
        """
    cause = _cause(tmp_path, visits, "visits.guarded")
    assert cause.title == 'Two views have the endpoint "visits.guarded"'
    assert places(cause)[0] == "shop/visits.py:6"
    assert "functools.wraps" in str(cause.next_step)
