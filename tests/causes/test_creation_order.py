"""The order that is predicted for the creation of tables is the one in which SQLAlchemy creates them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_mock_engine

from kit.causes import find_causes
from kit.causes.scene.creation_order import levels
from kit.causes.scene.scene import Scene
from kit.facts.suite import SuiteFacts
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.target import find_target
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

INDEX = "    __table_args__ = (Index('{0}', 'note'), Index('{0}', 'id'))\n"
HEAD = """from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String
from sqlalchemy.orm import declarative_base
Base = declarative_base()
"""


def _model(name: str, *needs: str, index: str = "") -> str:
    keys = "".join(f"    {need}_id = Column(ForeignKey('{need}.id'))\n" for need in needs)
    return (
        f"class {name.title()}(Base):\n    __tablename__ = '{name}'\n    id = Column(Integer, primary_key=True)\n"
        f"    note = Column(String(9))\n{keys}{INDEX.format(index) if index else ''}"
    )


MODELS = [
    _model("fills", "trades", index="ix_fills"),
    _model("trades", "accounts", index="ix_trades"),
    _model("quotes", index="ix_quotes"),
    _model("accounts"),
    _model("notes", index="ix_notes"),
]


def _created(source: str) -> list[str]:
    """The tables in the order in which SQLAlchemy creates them."""
    names: dict[str, object] = {}
    exec(compile(source, "models.py", "exec"), names)
    statements: list[str] = []
    engine = create_mock_engine("sqlite://", lambda sql, *_, **__: statements.append(str(sql).strip()))
    names["Base"].metadata.create_all(engine, checkfirst=False)  # type: ignore[attr-defined]
    return [one.split()[2] for one in statements if one.startswith("CREATE TABLE")]


@pytest.mark.slow
def test_levels_agree_with_create_all(tmp_path: Path) -> None:
    source = HEAD + "".join(MODELS).replace("Index('ix", "Index(None and 'ix")
    target = find_target(write_project(tmp_path / "app", {"models.py": source}))
    found = levels(
        Scene(Inventory.of(target, runtime=False).facts, SuiteFacts(), source=lambda: Declarations.of(target))
    )

    defined = ["fills", "trades", "quotes", "accounts", "notes"]
    assert sorted(defined, key=lambda table: found[table]) == _created(source)


def test_what_hides_behind_the_first_index_stands_in_the_order_of_creation(tmp_path: Path) -> None:
    target = find_target(write_project(tmp_path / "app", {"models.py": HEAD + "".join(MODELS)}))
    failure = failure_with("index ix_quotes already exists", "sqlite3.OperationalError", phase="setup", fixture="db")
    ran = suite([result(f"t.py::{n}", failure) for n in range(3)], [failure])
    facts = Inventory.of(target, runtime=False).facts

    causes = find_causes(
        facts,
        replace(ran, loaded_modules={"models": "models.py"}),
        group_failures(ran),
        source=lambda: Declarations.of(target),
    )

    names = [cause.id.partition(":")[2] for cause in causes if cause.kind == "duplicate-index"]
    assert names == ["ix_quotes", "ix_notes", "ix_trades", "ix_fills"]
    assert [cause.waiting for cause in causes] == [None, 3, 3, 3]
