"""What may not be loaded any more is named with its relationship, or with the sessions that let it expire."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, MappedClass, Relationship
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

FILES = {
    "pyproject.toml": PYPROJECT,
    "shop/__init__.py": "",
    "shop/db.py": "from sqlalchemy.orm import sessionmaker\n\nmake = sessionmaker(bind=None)\n",
    "shop/kept.py": "from shop.db import sessionmaker\n\nmake = sessionmaker(bind=None, expire_on_commit=False)\n",
    "shop/asked.py": "from shop.db import KEEP, sessionmaker\n\nmake = sessionmaker(expire_on_commit=KEEP)\n",
    "shop/handed.py": "from shop.db import OPTIONS, sessionmaker\n\nmake = sessionmaker(bind=None, **OPTIONS)\n",
    "shop/models.py": """
        from shop.db import Base, relationship

        class Book(Base):
            __tablename__ = "books"
            tags = relationship(lazy="raise")
        """,
}


def _cause(folder: Path, message: str) -> Cause:
    target = find_target(write_project(folder / "shop", FILES))
    failure = failure_with(message, "sqlalchemy.exc.InvalidRequestError", frames=(own("shop/desk.py", 40, "words"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


@pytest.mark.parametrize(
    "message",
    [
        "'Book.tags' is not available due to lazy='raise'",
        "Parent instance <Book at 0x7f0> is not bound to a Session; lazy load operation of attribute 'tags' cannot",
    ],
)
def test_the_relationship_is_named(tmp_path: Path, message: str) -> None:
    cause = _cause(tmp_path, message)
    assert cause.title == "Book.tags is read where it may not be loaded"
    assert places(cause) == ["shop/desk.py:40", "shop/models.py:5"]


def test_the_sessions_that_let_values_expire_are_named_and_no_others(tmp_path: Path) -> None:
    said = "Instance <Book at 0x7f0> is not bound to a Session; attribute refresh operation cannot proceed"
    cause = _cause(tmp_path, said)
    assert cause.kind == "instance-not-loaded"
    assert places(cause) == ["shop/db.py:3", "shop/desk.py:40"]


def test_a_relationship_that_no_class_of_the_target_has_stays_a_group(tmp_path: Path) -> None:
    assert _cause(tmp_path, "'Row.cells' is not available due to lazy='raise'").kind == "failure-group"


def test_what_is_loaded_again_outside_of_an_await_leads_to_the_sessions(tmp_path: Path) -> None:
    cause = _cause(tmp_path, "greenlet_spawn has not been called; can't call await_only() here. Was IO attempted?")

    assert cause.title == "Objects are read outside of an await, and a commit has made their values expire"
    assert str(cause.locations[0]) == "shop/db.py:3"


def test_a_relationship_that_is_read_outside_of_an_await_is_named(tmp_path: Path) -> None:
    desk = "async def words(session):\n    book = await session.get(Book, 1)\n    return list(book.tags)\n"
    target = find_target(write_project(tmp_path / "shop", {**FILES, "shop/desk.py": desk}))
    said = "greenlet_spawn has not been called; can't call await_() here. Was IO attempted in an unexpected place?"
    failure = failure_with(said, "sqlalchemy.exc.MissingGreenlet", frames=(own("shop/desk.py", 3, "words"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    book = MappedClass("Book", "shop.models", "Book", "shop/models.py", 3, "shop.db.Base", "books")
    mapped = replace(book, relationships=(Relationship("tags", "Tag", 5, "Tag"),))

    (cause,) = find_causes(
        InventoryFacts(files=2, mapped_classes=(mapped,)),
        facts,
        group_failures(facts),
        source=lambda: Declarations.of(target),
    )

    assert cause.title == "Book.tags is read where it may not be loaded"
    assert places(cause) == ["shop/desk.py:3", "shop/models.py:5"]
