"""A relationship that SQLAlchemy cannot configure: which attribute, and what is true of what it names."""

from __future__ import annotations

from collections.abc import Sequence
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
from tests.failures.live import failure_with
from tests.helpers import write_project

POST = MappedClass(
    "Post",
    "shop.posts",
    "Post",
    "shop/posts.py",
    1,
    "shop.db.Base",
    "posts",
    columns=("id", "created_at"),
    relationships=(Relationship("user", '"User"', 3, "User"), Relationship("tags", '"Tag"', 4, "Tag")),
)
USER = MappedClass("User", "shop.users", "User", "shop/users.py", 1, "shop.db.Base", "users")
FILES = {
    "pyproject.toml": PYPROJECT,
    "shop/posts.py": "class Post:\n    id = 1\n    user = relationship('User')\n    tags = relationship('Tag')\n",
    "shop/users.py": "class User(Base):\n    ...\n",
    "shop/plain.py": "class Label:\n    ...\n",
    "shop/tables.py": "post_tags = Table('post_tags', metadata)\n",
}
LOCATE = "When initializing mapper Mapper[Post(posts)], expression '{0}' failed to locate a name ('{0}')."


def _cause(folder: Path, message: str, *mapped: MappedClass, kind: str = "InvalidRequestError") -> Cause:
    target = find_target(write_project(folder / "shop", FILES))
    failure = failure_with(message, f"sqlalchemy.exc.{kind}")
    facts = suite([result("tests/test_p.py::test_p", failure)], [failure])
    inventory = InventoryFacts(files=4, mapped_classes=(POST, *mapped))
    (cause,) = find_causes(inventory, facts, group_failures(facts), source=lambda: Declarations.of(target))
    assert cause.kind == "broken-relationship"
    return cause


TRUTHS = {
    "not imported": ("User", (USER,), "which is not imported by then", "Import shop/users.py", "shop/users.py:1"),
    "other base": (
        "User",
        (replace(USER, base="shop.other.Base"),),
        "which is in another registry",
        "share one declarative base",
        "shop/users.py:1",
    ),
    "not mapped": ("Label", (), "which is not mapped", "table=True", "shop/plain.py:1"),
    "table": ("post_tags", (), "which is not imported by then", "Import shop/tables.py", "shop/tables.py:1"),
    "misspelt": ("Usr", (USER,), "which no mapped class is called", 'did you mean "User"?', "shop/posts.py:1"),
}


@pytest.mark.parametrize("truth", TRUTHS)
def test_what_is_true_of_a_name_that_is_not_found(tmp_path: Path, truth: str) -> None:
    name, mapped, title, advice, place = TRUTHS[truth]
    cause = _cause(tmp_path, LOCATE.format(name), *mapped)
    assert cause.title == f'A relationship of Post names "{name}", {title}'
    assert advice in str(cause.next_step)
    assert place in places(cause)


def test_a_class_that_is_not_mapped_is_the_line_to_change(tmp_path: Path) -> None:
    assert places(_cause(tmp_path, LOCATE.format("Label")))[0] == "shop/plain.py:1"


SAID: dict[str, tuple[str, str, Sequence[str]]] = {
    "no class": (
        "relationship 'user' expects a class or a mapper argument (received: <class 'sqlalchemy.sql.schema.Table'>)",
        'Relationship "user" names something that is not a mapped class',
        ["shop/posts.py:3"],
    ),
    "orphan": (
        "For many-to-one relationship Post.user, delete-orphan cascade is normally configured only on the one side",
        "Post.user has delete-orphan on the side of the many",
        ["shop/posts.py:3"],
    ),
    "generic": (
        (
            'When initializing mapper Mapper[Post(posts)], expression "relationship("List[\'Tag\']")" seems to be '
            "using a generic class as the argument to relationship(); please state the generic argument otherwise"
        ),
        'A relationship of Post has "relationship("List[\'Tag\']")" as its argument, which is an annotation',
        ["shop/posts.py:4", "shop/posts.py:1"],
    ),
    "join": (
        (
            "Could not determine join condition between parent/child tables on relationship Post.user - there are no "
            "foreign keys linking these tables."
        ),
        "SQLAlchemy finds no way to join Post.user",
        ["shop/posts.py:3"],
    ),
}


@pytest.mark.parametrize("said", SAID)
def test_what_is_wrong_with_an_argument_is_told_at_its_line(tmp_path: Path, said: str) -> None:
    message, title, where = SAID[said]
    cause = _cause(tmp_path, message, kind="ArgumentError")
    assert cause.title == title
    assert places(cause) == where


def test_a_column_that_a_string_orders_by_and_the_class_does_not_have(tmp_path: Path) -> None:
    message = "Class <class 'shop.posts.Post'> does not have a mapped column named 'created'"
    cause = _cause(tmp_path, message, kind="ArgumentError")
    assert cause.title == 'A relationship orders or joins by "created", which Post does not have'


def test_another_error_of_the_mapper_is_not_taken_for_a_relationship() -> None:
    failure = failure_with("Mapper Mapper[Post(posts)] could not assemble any primary key columns", "ArgumentError")
    facts = suite([result("tests/test_p.py::test_p", failure)], [failure])
    (cause,) = find_causes(InventoryFacts(files=1, mapped_classes=(POST,)), facts, group_failures(facts))
    assert cause.kind != "broken-relationship"
