"""Apps of Flask that an extension does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

SAID = (
    "The current Flask app is not registered with this 'SQLAlchemy' instance. Did you forget to call 'init_app', "
    "or did you create multiple 'SQLAlchemy' instances?"
)
MAKING = (
    "from flask import Flask\nfrom shop.db import db\n\ndef create_app():\n    app = Flask('shop')\n{}    return app\n"
)
DB = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
OWN_APP = "from flask import Flask\n\ndef test_it():\n    app = Flask('tests')\n"


@pytest.mark.parametrize(
    ("files", "title", "first"),
    [
        (
            {"shop/app.py": MAKING.format("")},
            "Nothing calls init_app of shop.db.db, so no app is registered with it",
            ["shop/app.py:5", "shop/db.py:3"],
        ),
        (
            {"shop/app.py": MAKING.format("    db.init_app(app)\n"), "shop/models.py": DB},
            "shop.models.db is a further SQLAlchemy, and no app is registered with it",
            ["shop/models.py:3", "shop/db.py:3"],
        ),
        (
            {"shop/app.py": MAKING.format("    db.init_app(app)\n"), "tests/test_items.py": OWN_APP},
            "The app that these tests use is not registered with shop.db.db",
            ["tests/test_items.py:4", "shop/app.py:6"],
        ),
    ],
    ids=["forgotten", "a second instance", "an app of the tests"],
)
def test_where_the_app_is_not_handed_on(tmp_path: Path, files: dict[str, str], title: str, first: list[str]) -> None:
    every = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "shop/db.py": DB, **files}
    target = find_target(write_project(tmp_path / "shop", every))
    failure = failure_with(SAID, "RuntimeError", frames=(own("shop/models.py", 2, "count"),))
    facts = suite([result("tests/test_items.py::test_it", failure)], [failure])

    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))

    assert (cause.kind, cause.title) == ("extension-without-app", title)
    assert places(cause)[:2] == first


def test_an_extension_that_the_source_does_not_make_stays_a_group(tmp_path: Path) -> None:
    target = find_target(write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, "shop/__init__.py": ""}))
    failure = failure_with(SAID, "RuntimeError")
    facts = suite([result("tests/test_items.py::test_it", failure)], [failure])

    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))

    assert cause.kind == "failure-group"
