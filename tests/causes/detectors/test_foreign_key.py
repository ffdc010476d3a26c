"""A foreign key to a table that is not there: which of the reasons it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, MappedClass
from tests.causes.apps import investigated, places
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

BASE = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"
NOTE = MappedClass("Note", "shop.notes", "Note", "shop/notes.py", 7, "shop.db.Base", "note", metadata="shop.db.Base")
USER = MappedClass("User", "shop.users", "User", "shop/users.py", 4, "shop.db.Base", "users", metadata="shop.db.Base")


def _cause(missing: str, *mapped: MappedClass, loaded: Sequence[MappedClass] = ()) -> Cause:
    message = (
        f"Foreign key associated with column 'note.user_id' could not find table '{missing}' with which to generate a "
        "foreign key to target column 'id'"
    )
    failure = failure_with(message, "sqlalchemy.exc.NoReferencedTableError", phase="setup")
    facts = suite([result(f"tests/test_n.py::test_{n}", failure) for n in range(3)], [failure])
    facts = replace(facts, loaded_modules={one.module: one.path for one in (NOTE, *loaded)})
    (cause,) = causes_of(facts, InventoryFacts(files=3, mapped_classes=(NOTE, *mapped)))
    assert cause.kind == "foreign-key"
    return cause


def test_a_table_that_nothing_imports_is_named_with_its_file() -> None:
    cause = _cause("users", USER)
    assert (
        cause.title
        == 'note.user_id has a foreign key to the table "users", which shop/users.py defines and nothing imports'
    )
    assert places(cause) == ["shop/notes.py:7", "shop/users.py:4"]
    assert str(cause.next_step).startswith("Import shop/users.py before the tables are created")


def test_a_table_of_another_metadata_is_told_so() -> None:
    cause = _cause("users", replace(USER, metadata="shop.db.Base bind ledger"), loaded=[USER])
    assert cause.title.endswith('"users", which is in another MetaData')
    assert "bind key" in str(cause.next_step)


@pytest.mark.parametrize(
    ("asked", "schema", "right"), [("users", "auth", '"auth.users.…"'), ("auth.users", None, '"users.…"')]
)
def test_a_table_of_another_schema_is_told_so(asked: str, schema: str | None, right: str) -> None:
    cause = _cause(asked, replace(USER, schema=schema), loaded=[USER])
    assert right in str(cause.next_step)


def test_a_table_that_nothing_defines_comes_with_the_nearest_name() -> None:
    cause = _cause("user", USER, loaded=[USER])
    assert cause.title == 'note.user_id has a foreign key to the table "user", which nothing defines'
    assert 'did you mean "users"?' in str(cause.next_step)


def test_a_table_like_no_other_is_just_absent() -> None:
    assert "did you mean" not in str(_cause("zebra", USER, loaded=[USER]).next_step)


@pytest.mark.slow
def test_real_failures_of_several_tables_in_one_file_are_one_cause(tmp_path: Path) -> None:
    """Which of the keys SQLAlchemy meets first depends on the order of a set."""
    files = {
        "shop/db.py": BASE,
        "shop/users.py": "from sqlalchemy import Column, Integer, Table\nfrom shop.db import Base\n\n"
        "users = Table('users', Base.metadata, Column('id', Integer, primary_key=True))\n"
        "teams = Table('teams', Base.metadata, Column('id', Integer, primary_key=True))\n",
        "shop/notes.py": "from sqlalchemy import ForeignKey\nfrom sqlalchemy.orm import Mapped, mapped_column\n"
        "from shop.db import Base\n\n\nclass Note(Base):\n    __tablename__ = 'note'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'))\n\n\n"
        "class Mark(Base):\n    __tablename__ = 'mark'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    team_id: Mapped[int] = mapped_column(ForeignKey('teams.id'))\n",
        "tests/test_notes.py": "import pytest\n"
        "from shop.notes import Mark, Note\n\n\n"
        "@pytest.mark.parametrize('mapped', [Mark, Note])\ndef test_table(mapped):\n"
        "    assert [key.column for key in mapped.__table__.foreign_keys]\n",
    }
    (cause,), _ = investigated(tmp_path, files)
    assert cause.tests_blocked == 2
    assert "which shop/users.py defines and nothing imports" in cause.title
    assert {"shop/users.py:4", "shop/users.py:5"} & set(places(cause))


def test_a_column_that_the_table_does_not_have_comes_with_the_nearest() -> None:
    message = (
        "Could not initialize target column for ForeignKey 'users.uid' on table 'note': table 'users' has no column "
        "named 'uid'"
    )
    failure = failure_with(message, "sqlalchemy.exc.NoReferencedColumnError")
    facts = suite([result("tests/test_n.py::test_n", failure)], [failure])
    user = replace(USER, columns=("id", "uuid", "name"))
    (cause,) = causes_of(facts, InventoryFacts(files=3, mapped_classes=(NOTE, user)))
    assert cause.title == 'note has a foreign key to "users.uid", a column that the table does not have'
    assert 'did you mean "users.uuid"?' in str(cause.next_step)
    assert "shop/users.py:4" in places(cause)


MISSPELT = """
from sqlalchemy import Column, ForeignKey, Integer, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase): ...


book = Column("book_id", ForeignKey("book.id"))
signed = Table("signed", Base.metadata, Column("author_id", ForeignKey("{}.id")), book)


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(secondary=signed)
    pens: Mapped[list["Pen"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)


class Pen(Base):
    __tablename__ = "pen"
    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("{}.id"))
    author: Mapped[Author] = relationship(back_populates="pens")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("between", "side", "line"), [("author", "authors", 27), ("authors", "author", 9)], ids=["other side", "between"]
)
def test_a_key_to_nowhere_is_the_defect_of_the_relationships_that_need_it(
    tmp_path: Path, between: str, side: str, line: int
) -> None:
    files = {
        "shop/models.py": MISSPELT.format(between, side),
        "tests/test_models.py": "from shop.models import Author, Base, Pen\nfrom sqlalchemy import create_engine\n\n\n"
        "def test_author():\n    assert Author().pens == []\n\n\ndef test_pen():\n    assert Pen()\n\n\n"
        "def test_tables():\n    Base.metadata.create_all(create_engine('sqlite://'))\n",
    }

    causes, _ = investigated(tmp_path, files)

    assert [(cause.kind, cause.tests_blocked) for cause in causes] == [("foreign-key", 3)]
    assert places(causes[0])[0] == f"shop/models.py:{line}"


IN_A_FIXTURE = """
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, relationship


@pytest.fixture
def models():
    class Base(DeclarativeBase): ...

    class Teacher(Base):
        __tablename__ = "teacher"
        id = sa.Column(sa.Integer, primary_key=True)
        deputies = relationship("Deputy")

    class Deputy(Base):
        __tablename__ = "deputy"
        id = sa.Column(sa.Integer, primary_key=True)
        teacher_id = sa.Column(sa.Integer, sa.ForeignKey("{table}.id"))

    return Base, Teacher


def test_tables(models):
    models[0].metadata.create_all(sa.create_engine("sqlite://"))


def test_teacher(models):
    assert models[1]().deputies == []


def test_another_teacher(models):
    assert models[1](id=1).id == 1
"""


@pytest.mark.slow
@pytest.mark.parametrize(("table", "kinds"), [("teacher_main", 1), ("school", 2)], ids=["misspelt", "another"])
def test_a_key_to_nowhere_of_classes_that_a_fixture_maps_is_one_defect(tmp_path: Path, table: str, kinds: int) -> None:
    causes, _ = investigated(tmp_path, {"tests/test_models.py": IN_A_FIXTURE.format(table=table)})

    assert len(causes) == kinds  # a key to a table of quite another name is no reason why these two are not joined
    if kinds == 1:
        assert (causes[0].kind, causes[0].tests_blocked) == ("foreign-key", 3)
        assert places(causes[0])[0] == "tests/test_models.py:18"
