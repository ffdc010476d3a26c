"""What a unique or a check constraint refuses is named with the line that declares the constraint."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, MappedClass
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

MODELS = """
    from shop.db import Base, CheckConstraint, mapped_column

    class Word(Base):
        __tablename__ = "words"
        word = mapped_column()

    class Tag(Base):
        __tablename__ = "tags"
        __table_args__ = (CheckConstraint("pages > 10"), CheckConstraint("size > 0", name="ck_size"))
        id = mapped_column(primary_key=True)
        word = mapped_column(unique=True)
        shop = mapped_column()

    SIZES = ["ck_size", "pages > 10"]
    """


def _cause(folder: Path, message: str) -> Cause:
    files = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "shop/models.py": MODELS}
    target = find_target(write_project(folder / "shop", files))
    failure = failure_with(message, "sqlalchemy.exc.IntegrityError", frames=(own("shop/desk.py", 15, "add"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    mapped = MappedClass("Tag", "shop.models", "Tag", "shop/models.py", 7, "shop.db.Base", "tags")
    found = InventoryFacts(files=2, mapped_classes=(mapped,))
    (cause,) = find_causes(found, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("UNIQUE constraint failed: tags.word", "shop/models.py:11"),
        ("(1062, \"Duplicate entry 'old' for key 'tags.word'\")", "shop/models.py:11"),
        ("CHECK constraint failed: pages > 10", "shop/models.py:9"),
        ('new row for relation "tags" violates check constraint "ck_size"', "shop/models.py:9"),
    ],
)
def test_the_line_that_declares_the_constraint_is_named(tmp_path: Path, message: str, place: str) -> None:
    cause = _cause(tmp_path, message)
    assert cause.kind == "refused-value"
    assert places(cause) == [place, "shop/desk.py:15"]


def test_columns_that_are_unique_together_are_not_said_to_be_unique_each(tmp_path: Path) -> None:
    cause = _cause(tmp_path, "UNIQUE constraint failed: tags.shop, tags.word")
    assert cause.title == '"tags.shop" and "tags.word" are unique together, and tests write the same values twice'
    assert places(cause)[:2] == ["shop/models.py:12", "shop/models.py:11"]


def test_a_constraint_that_the_source_does_not_declare_stays_a_group(tmp_path: Path) -> None:
    assert _cause(tmp_path, "UNIQUE constraint failed: seats.number").kind == "failure-group"
    assert _cause(tmp_path / "b", "CHECK constraint failed: weight > 3").kind == "failure-group"
