"""What a notebook shows of a target's mappers and imports, from a real inventory."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kit import frames
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
    stopping = frames.chains(inventory.stopping_without("app.auth"))
    assert rows(stopping, "through") == [["tests.test_users → app.auth"]]


def test_pictures_of_a_case_stand_in_a_notebook(inventory: Inventory) -> None:
    shown = pictures.tables(inventory.facts, most=1).data
    assert shown.count("<svg") == 1
    assert "app.auth.User maps users" in shown
    assert "Imports of app.auth" in pictures.modules(inventory.neighbourhood("app.auth")).data


def test_without_a_class_in_a_finding_a_sentence_stands_there() -> None:
    nothing = Inventory.of(find_target(str(Path(__file__).parent)), runtime=False).facts
    assert pictures.tables(nothing).data == "No finding is about a mapped class."
