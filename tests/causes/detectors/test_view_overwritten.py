"""Two views of one endpoint are both named, as is the decorator that gives all its views one name."""

from __future__ import annotations

from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places, told
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


HEAD = """
        from flask import Blueprint, Flask

        visits = Blueprint("visits", __name__)
        rooms = Blueprint("rooms", __name__)
"""


def test_an_endpoint_that_is_given_counts_and_not_the_name_of_the_function(tmp_path: Path) -> None:
    visits = f"""{HEAD}
        @visits.get("/")
        def plan():
            return {{}}

        @visits.get("/<day>", endpoint="day")
        def plan(day):
            return {{}}

        @visits.get("/<day>/late", endpoint="day")
        def late(day):
            return {{}}
        """
    assert places(_cause(tmp_path / "given", visits, "visits.day"))[:2] == ["shop/visits.py:15", "shop/visits.py:11"]
    # only one view has the name of the function: nothing is said to be declared twice
    assert "declared here" not in told(_cause(tmp_path / "name", visits, "visits.plan"))


def test_views_of_other_blueprints_and_of_other_applications_are_not_named(tmp_path: Path) -> None:
    visits = f"""{HEAD}
        @visits.get("/")
        def plan():
            return {{}}

        @rooms.get("/")
        def plan():
            return {{}}

        def create_app():
            app = Flask(__name__)
            @app.get("/")
            def home():
                return {{}}
            return app

        def create_admin():
            app = Flask(__name__)
            @app.get("/")
            def home():
                return {{}}
            return app
        """
    for endpoint in ("visits.plan", "rooms.plan", "home"):
        assert "declared here" not in told(_cause(tmp_path / endpoint, visits, endpoint))


def test_of_two_blueprints_with_two_views_each_only_those_of_the_named_one_are_named(tmp_path: Path) -> None:
    visits = HEAD + "".join(
        f"""
        @{name}.get("/{number}")
        def plan():
            return {{}}
        """
        for name in ("visits", "rooms")
        for number in (1, 2)
    )
    first = places(_cause(tmp_path, visits, "rooms.plan"))
    assert first[:2] == ["shop/visits.py:19", "shop/visits.py:15"]
    assert "shop/visits.py:7" not in first


def test_rules_that_are_added_with_one_function_are_one_view(tmp_path: Path) -> None:
    visits = f"""{HEAD}
        def plan():
            return {{}}

        visits.add_url_rule("/", view_func=plan)
        visits.add_url_rule("/all", view_func=plan)
        """
    assert "declared here" not in told(_cause(tmp_path, visits, "visits.plan"))


def test_rules_that_are_added_with_two_functions_under_one_name_are_two(tmp_path: Path) -> None:
    visits = f"""{HEAD}
        def plan():
            return {{}}

        def late():
            return {{}}

        visits.add_url_rule("/", "plan", plan)
        visits.add_url_rule("/late", "plan", late)
        """
    assert places(_cause(tmp_path, visits, "visits.plan"))[:2] == ["shop/visits.py:13", "shop/visits.py:12"]
