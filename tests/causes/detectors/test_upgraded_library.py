"""A failure that says what a release broke is named with that release, where such a release is installed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy

from kit.causes import find_causes
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from kit.failures import group_failures
from tests.causes.apps import investigated, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

REFUSED = "Field.__init__() got an unexpected keyword argument 'missing'"


@pytest.mark.parametrize(("version", "told"), [("4.1.0", True), ("3.26.2", False)])
def test_the_release_has_to_be_installed(version: str, told: bool) -> None:
    failure = failure_with(REFUSED, "TypeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    around = Environment((Distribution("marshmallow", version),))

    (cause,) = find_causes(None, facts, group_failures(facts), environment=around)

    assert (cause.id == "upgraded-library:marshmallow-missing") is told
    assert cause.title.startswith("marshmallow 4.0.0 (installed 4.1.0)") is told


@pytest.mark.parametrize(("package", "is_own"), [("sqlalchemy_utils", True), ("shop", False)])
def test_code_of_the_target_itself_is_adapted_and_not_upgraded(package: str, is_own: bool) -> None:
    said = "AttributeImpl.__init__() missing 1 required positional argument: 'dispatch'"
    failure = failure_with(said, "TypeError", frames=(own(f"{package}/generic.py", 21, "instrument"),))
    test = result("tests/test_generic.py::test_a", failure)
    facts = replace(suite([test], [failure]), loaded_modules={f"{package}.generic": f"{package}/generic.py"})
    installed = (Distribution("sqlalchemy", "2.0.25"), Distribution("sqlalchemy-utils", "0.41.1"))

    (cause,) = find_causes(None, facts, group_failures(facts), environment=Environment(installed))

    assert cause.id == "upgraded-library:sqlalchemy-utils-generic-relationship"
    assert str(cause.locations[0]) == f"{package}/generic.py:21"
    advice = cause.next_step.text if cause.next_step else ""
    assert advice.startswith(f"Adapt {package}/generic.py:21 to sqlalchemy 2.0.22") is is_own
    assert ("sqlalchemy-utils>=0.41.2" in advice) is not is_own


PLAIN_TEXTS = {
    "shop/db.py": """
        from sqlalchemy import create_engine

        def get_engine():
            return create_engine("sqlite://")
    """,
    "shop/migrations.py": """
        import sqlalchemy

        def upgrade(engine):
            if engine.name == "mysql":
                engine.execute("alter database shop default character set utf8")
    """,
    "tests/fixtures.py": """
        from shop.db import get_engine

        def prepare(flag):
            get_engine().connect().execute("PRAGMA foreign_keys = " + flag)
    """,
    "tests/test_shop.py": """
        import unittest
        from shop import migrations
        from tests.fixtures import prepare

        class TestShop(unittest.TestCase):
            def setUp(self): prepare("ON")
            def test_a(self): pass
            def test_b(self): pass
    """,
    "tests/__init__.py": "",
}


@pytest.mark.slow
def test_a_line_that_the_failures_come_through_is_before_others_also_in_a_file_that_does_not_import_the_library(
    tmp_path: Path,
) -> None:
    around = Environment((Distribution("sqlalchemy", sqlalchemy.__version__),))

    causes, _ = investigated(tmp_path, PLAIN_TEXTS, environment=around)

    assert [cause.id for cause in causes] == ["upgraded-library:sqlalchemy-textual-sql"]
    assert places(causes[0]) == ["tests/fixtures.py:4", "shop/migrations.py:5"]


def test_a_task_group_of_asyncio_is_not_laid_at_an_installed_anyio() -> None:
    failure = failure_with("unhandled errors in a TaskGroup (2 sub-exceptions)", "ExceptionGroup")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    installed = Environment((Distribution("anyio", "4.16.0"),))

    (cause,) = find_causes(None, facts, group_failures(facts), environment=installed)

    assert cause.kind == "failure-group"
