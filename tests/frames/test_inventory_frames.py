"""What a notebook shows of a target's mappers and imports, from a real inventory."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kit import frames
from kit.facts.places import Location
from kit.facts.predictions import CannotConfigure, MissedClass
from kit.inventory import Inventory
from kit.session import pictures
from kit.target import find_target
from tests.helpers import write_project

MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column, relationship

    from app.base import Base


    class {name}(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
        {more}
"""
PROJECT = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/auth.py": MODEL.format(name="User", table="users", more="mail: Mapped[str]"),
    "app/users.py": MODEL.format(name="User", table="people", more="nick: Mapped[str]"),
    "app/orders.py": MODEL.format(
        name="Order", table="orders", more='user = relationship("User")\n        payer = relationship("User")'
    ),
    "app/odd.py": "import app.even",
    "app/even.py": "import app.odd",
    "tests/test_orders.py": "from app.orders import Order\n\n\ndef test_one():\n    pass\n",
    "tests/test_users.py": "from app.auth import User\n\n\ndef test_two():\n    pass\n",
}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    root = write_project(tmp_path_factory.mktemp("project"), PROJECT)
    return Inventory.of(find_target(str(root)), runtime=False)


def rows(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    return frame[list(columns)].to_numpy().tolist()


@pytest.mark.slow
def test_every_column_is_documented(inventory: Inventory) -> None:
    made = {
        frames.mapped_classes: frames.mapped_classes(inventory.facts.mapped_classes),
        frames.scores: frames.scores(inventory.facts.collisions),
        frames.findings: frames.findings(inventory.facts),
        frames.collisions: frames.collisions(inventory.facts.collisions),
        frames.importers: frames.importers(inventory.importers("app.base:Base")),
        frames.prediction: frames.prediction(inventory.prediction()),
        frames.cycles: frames.cycles(inventory.cycles()),
        frames.fans: frames.fans(inventory.fans()),
        frames.chains: frames.chains(inventory.chains("app.base")),
    }
    for function, frame in made.items():
        assert not frame.empty, function
        unknown = [column for column in frame.columns if column not in (function.__doc__ or "")]
        assert unknown == [], function


def test_the_points_of_a_score_are_those_that_the_classes_share(inventory: Inventory) -> None:
    scores = frames.scores(inventory.facts.collisions)
    assert set(scores["part"]) >= {"importers", "columns"}
    columns = scores[scores["part"] == "columns"]
    assert rows(columns, "where", "value", "points") == [["app/auth.py:6", 2, 0.5], ["app/users.py:6", 2, 0.5]]


def test_a_test_module_that_fails_alone_is_told_with_the_class_that_it_misses(inventory: Inventory) -> None:
    found = frames.prediction(inventory.prediction())
    assert rows(found, "test module", "misses", "needed at", "relationships", "defined at", "loaded") == [
        ["tests/test_orders.py", "User", "app/orders.py:9", 2, "app/auth.py:6, app/users.py:6", 0]
    ]


def test_cycles_fans_and_chains_have_a_row_each(inventory: Inventory) -> None:
    assert rows(frames.cycles(inventory.cycles()), "length", "modules", "imports", "entangled") == [
        [2, "app.even → app.odd", "app/even.py:1, app/odd.py:1", 2]
    ]
    assert rows(frames.fans(inventory.fans()), "module", "fan in", "fan out")[0] == ["app.base", 3, 0]
    assert rows(frames.chains(inventory.chains("app.base")), "start", "steps", "imports") == [
        ["tests.test_orders", 2, "tests/test_orders.py:1, app/orders.py:3"],
        ["tests.test_users", 2, "tests/test_users.py:1, app/auth.py:3"],
    ]
    assert rows(frames.chain_ends(inventory.chains("app.base")), "by way of", "modules", "steps", "shortest chain") == [
        ["app.orders", 1, 2, "tests.test_orders → app.orders → app.base"],
        ["app.auth", 1, 2, "tests.test_users → app.auth → app.base"],
    ]
    stopping = frames.chains(inventory.stopping_without("app.auth"))
    assert rows(frames.chain_ends(inventory.stopping_without("app.auth")), "by way of", "modules") == [["directly", 1]]
    assert rows(stopping, "through") == [["tests.test_users → app.auth"]]


def test_test_modules_that_fail_for_one_reason_are_one_row() -> None:
    missed = MissedClass("User", Location("app/orders.py", 9), (Location("app/auth.py", 6),), 0)
    paths = ["tests/test_a.py", "tests/test_b.py"]
    found = frames.unconfigurable(CannotConfigure(path, path, (missed, missed)) for path in paths)

    assert rows(found, "misses", "needed at", "defined at", "loaded", "test modules", "first") == [
        ["User", "app/orders.py:9", "app/auth.py:6", 0, 2, "tests/test_a.py"]
    ]


def test_a_finding_about_a_class_is_drawn_unless_its_name_stands_for_several(inventory: Inventory) -> None:
    (shared,) = (one for one in inventory.facts.findings if one.kind == "duplicate-class")
    other = replace(inventory.facts, findings=(replace(shared, kind="duplicate-index"),))

    assert pictures.tables(replace(other, findings=(shared,))) == ""
    assert pictures.tables(other).count("<svg") == 1
    assert "app.auth.User maps users" in pictures.tables(other)
    assert "Imports of app.auth" in pictures.modules(inventory.neighbourhood("app.auth"))
