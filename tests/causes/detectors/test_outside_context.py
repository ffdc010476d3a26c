"""Tests that run outside of Flask's context lead to the fixture that leaves it, else to the line that needs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

LEAVING = """
    import pytest
    from shop.site import create_app, db

    @pytest.fixture
    def app():
        app = create_app()
        with app.app_context():
            db.create_all()
        return app
"""
YIELDING = LEAVING.replace("    return app", "        yield app")
SAID = "Working outside of {} context.\n\nThis typically means that you attempted to use functionality"


def cause(folder: Path, conftest: str, what: str = "application") -> Cause:
    target = find_target(write_project(folder / "shop", {"pyproject.toml": PYPROJECT, "tests/conftest.py": conftest}))
    failure = failure_with(SAID.format(what), "RuntimeError", frames=(own("shop/site.py", 20, "names"),))
    facts = suite([result("tests/test_site.py::test_names", failure)], [failure])
    facts = replace(facts, tests=(replace(facts.tests[0], fixtures=("app",)),))
    (found,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return found


def test_the_fixture_that_leaves_the_context_is_named(tmp_path: Path) -> None:
    found = cause(tmp_path, LEAVING)

    assert (found.kind, places(found)) == ("outside-context", ["tests/conftest.py:7", "shop/site.py:20"])
    assert found.title == "The application context that tests/conftest.py:7 pushes ends before the tests run"


@pytest.mark.parametrize("what", ["application", "request"])
def test_without_such_a_fixture_the_line_that_needs_it_is_named(tmp_path: Path, what: str) -> None:
    found = cause(tmp_path, YIELDING, what)

    assert (found.kind, places(found)) == ("outside-context", ["shop/site.py:20"])
    assert found.title == f"shop/site.py:20 needs Flask's {what} context, and none is pushed then"
