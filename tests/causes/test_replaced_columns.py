"""A second class of a table takes columns from the first (``extend_existing``): the two are the cause of what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, places
from tests.causes.scenes import causes_of, inventory, result, suite
from tests.failures.live import failure_with

TEAMS = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase): ...


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    heroes = relationship("Hero", back_populates="team")


class Hero(Base):
    __tablename__ = "hero"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    team = relationship(Team, back_populates="heroes")
"""
SECOND = """from sqlalchemy.orm import Mapped, mapped_column
from shop.teams import Base


class {name}(Base):
    __tablename__ = "team"
    __table_args__ = {{"extend_existing": True}}
    id: Mapped[int] = mapped_column(primary_key=True)
"""
TEST = """from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from shop import second
from shop.teams import Base, Hero, Team


def test_a_hero_has_a_team():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Hero(team=Team()))
        session.commit()
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), [("Team", "mapper-collision"), ("OldTeam", "table-mapped-twice")])
def test_the_classes_of_the_table_are_the_cause(tmp_path: Path, name: str, kind: str) -> None:
    files = {"shop/teams.py": TEAMS, "shop/second.py": SECOND.format(name=name), "tests/test_teams.py": TEST}

    (cause,), _ = investigated(tmp_path, files)

    assert (cause.kind, cause.tests_blocked) == (kind, 1)
    assert sorted(places(cause)) == ["shop/second.py:5", "shop/teams.py:8"]


@pytest.mark.parametrize("mapper", ["Mapper[Team(team)]", "mapped class Team->team"])
def test_a_table_that_no_class_extends_has_another_cause(mapper: str) -> None:
    message = f"Can't execute sync rule for source column 'team.id'; mapper '{mapper}' does not map this column."
    failure = failure_with(message, "sqlalchemy.orm.exc.UnmappedColumnError")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), inventory())

    assert cause.kind == "failure-group"
