"""Exploring an app without a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.exploring import Inventory, Target
from kit.facts.errors import UsageError
from tests.helpers import fingerprint, write_project

APP = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase): ...\n",
    "app/users.py": """
        from sqlalchemy import Column, Integer
        from app.base import Base

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True)
    """,
    "app/accounts.py": """
        from sqlalchemy import Column, Integer
        from app.base import Base

        class User(Base):
            __tablename__ = "accounts"
            id = Column(Integer, primary_key=True)
    """,
    "tests/test_users.py": "from app.users import User\n\n\ndef test_a():\n    assert User\n",
}


@pytest.mark.slow
def test_an_inventory_answers_with_frames(tmp_path: Path) -> None:
    root = write_project(tmp_path / "shop", APP)
    before = fingerprint(root)

    inventory = Inventory.of(Target.at(root))

    mappers = inventory.mappers()
    assert list(mappers["class"]) == ["User", "User"]
    assert set(mappers["table"]) == {"users", "accounts"}
    assert "duplicate-class" in set(inventory.findings()["kind"])
    assert set(inventory.collisions()["name"]) == {"User"}
    importers = inventory.importers("app.users:User")
    assert list(zip(importers["path"], importers["line"], strict=True)) == [("tests/test_users.py", 1)]
    assert inventory.cycles().empty
    assert inventory.prediction().empty
    assert fingerprint(root) == before, "nothing is written into it"


def test_one_test_path_and_one_import_root_stand_for_themselves(tmp_path: Path) -> None:
    target = Target.at(write_project(tmp_path / "shop", APP), tests="tests", app="app")

    assert (target.test_paths, target.import_roots) == (("tests",), ("app",))


@pytest.mark.slow
def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    inventory = Inventory.of(Target.at(write_project(tmp_path / "shop", APP)), runtime=False)

    with pytest.raises(UsageError, match="app.users"):
        inventory.importers("app.user:User")
