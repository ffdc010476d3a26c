"""One small case with a collision, failures of several kinds and a fix, made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kit
from kit.session import Session
from tests.helpers import write_project

MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column
    from app.base import Base

    class User(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
PROJECT = {
    "pytest.ini": "[pytest]\n",
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": MODEL.format(table="users"),
    "app/people.py": MODEL.format(table="people"),
    "app/posts.py": """
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from app.base import Base
        from app.people import User as Person
        from app.users import User

        class Post(Base):
            __tablename__ = "posts"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user = relationship("User")
    """,
    "app/prices.py": "def double(x):\n    return x + 1\n",
    "tests/test_posts.py": """
        from app.posts import Post

        def test_made():
            Post(id=1)

        def test_made_again():
            Post(id=2)
    """,
    "tests/test_prices.py": """
        from app.prices import double

        def test_double():
            print("three was doubled")
            assert double(3) == 6

        def test_one():
            assert double(1) == 2
    """,
}


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The case, with all its stages done except the trials of fixes and the report."""
    here = tmp_path_factory.mktemp("session")
    root = write_project(here / "shop", PROJECT)
    opened = kit.open(root, reports_dir=here / "reports")
    opened.map_registry()
    opened.read_imports()
    opened.run_tests()
    opened.diagnose()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def root(case: Session) -> Path:
    """The folder of the app."""
    return case.reader.root
