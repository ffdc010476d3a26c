"""Who loads a module, and what test files would miss: counted from source alone."""

from __future__ import annotations

from kit.inventory.imports.graph import reached
from kit.inventory.registry.prediction import by_name, predict
from tests.inventory.projects import Source

MODELS = """
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from app.base import Base

    class {name}(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
        {more}
"""
PROJECT = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "app/users.py": MODELS.format(name="User", table="users", more="pass"),
    "app/posts.py": MODELS.format(name="Post", table="posts", more='user = relationship("User")'),
    "app/notes.py": MODELS.format(name="Note", table="notes", more='user = relationship("User")'),
    "app/routes.py": "from app.users import User\n",
    "app/main.py": "import app.routes\n",
    "tests/test_main.py": "import app.main\n",
    "tests/test_posts.py": "from app.posts import Post\nfrom app.notes import Note\n",
    "tests/test_notes.py": "from app.notes import Note\n",
    "tests/test_nothing.py": "import os\n",
}
SOURCE = Source(PROJECT)
TESTS = SOURCE.graph.test_modules()


def test_files_that_name_a_module_are_kept_apart_from_those_that_load_it_through_others() -> None:
    found = reached(SOURCE.graph, SOURCE.names, TESTS, "app.users")

    assert (found.module, found.path) == ("app.users", "app/users.py")
    assert found.direct == ("app/routes.py",)
    assert found.indirect == ("app/main.py",)
    assert found.test_files == ("tests/test_main.py",)


def test_a_module_that_nothing_loads_reaches_nothing() -> None:
    found = reached(SOURCE.graph, SOURCE.names, TESTS, "app.main")
    assert (found.direct, found.indirect, found.test_files) == ((), (), ("tests/test_main.py",))


def test_what_is_missed_stands_once_with_all_its_places_and_test_files() -> None:
    (user,) = by_name(predict(SOURCE.mappers, SOURCE.names, SOURCE.graph, TESTS))

    assert (user.what, user.name) == ("class", "User")
    assert {place.path for place in user.needed_at} == {"app/posts.py", "app/notes.py"}
    assert [place.path for place in user.defined_at] == ["app/users.py"]
    assert user.test_files == ("tests/test_notes.py", "tests/test_posts.py")
