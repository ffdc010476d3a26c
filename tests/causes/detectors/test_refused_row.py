"""Rows that a foreign key refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, places, told
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

MODELS = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
"""
TESTS = """import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
from shop.models import Base, Note, User


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=7))
        session.flush()
        yield session


def test_commit(session):
    session.add(Note(user_id=7))
    session.commit()


def test_autoflush(session):
    session.add(Note(user_id=7))
    assert session.query(Note).count() == 1
"""


@pytest.mark.slow
def test_the_one_foreign_key_of_the_table_is_the_line_to_look_at(tmp_path: Path) -> None:
    (cause,), _ = investigated(tmp_path, {"shop/models.py": MODELS, "tests/test_notes.py": TESTS})
    assert (cause.kind, cause.state, cause.tests_blocked) == ("refused-row", "consistent", 2)
    assert cause.title == 'A foreign key of "note" refuses the rows of these tests'
    assert places(cause)[0] == "shop/models.py:22"
    assert 'ForeignKey("team.id")' in told(cause)


def test_the_table_is_read_as_postgresql_names_it() -> None:
    message = 'insert or update on table "note" violates foreign key constraint "note_user_id_fkey"'
    failure = failure_with(message, "psycopg.errors.ForeignKeyViolation")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert (cause.id, cause.state) == ("refused-row:note", "unknown")


def test_another_constraint_is_another_matter() -> None:
    message = "(sqlite3.IntegrityError) UNIQUE constraint failed: note.id\n[SQL: INSERT INTO note (id) VALUES (?)]"
    failure = failure_with(message, "sqlalchemy.exc.IntegrityError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "refused-row"
