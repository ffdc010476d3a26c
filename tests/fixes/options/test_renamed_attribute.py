"""An attribute that a mapped class does not have becomes the one that is like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from tests.fixes.apps import options_for, patched

KIND = "renamed-attribute"
MODELS = """from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_name: Mapped[str]
"""
MORE = "\n\nclass {0}(Base):\n    __tablename__ = 'more'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"


def missing(*places: tuple[str, int], name: str = "username") -> Cause:
    used = tuple(Location(path, line, "raised") for path, line in places or (("shop/names.py", 4),))
    title = f'User has no attribute "{name}"'
    locations = (*used, Location("shop/models.py", 7, "definition"))
    return Cause(f"missing-attribute:User.{name}", "missing-attribute", title, "consistent", locations)


def app(use: str, models: str = MODELS) -> dict[str, str | bytes]:
    text = f"from shop.models import User\n\n\nNAME = {use}\n"
    return {"shop/__init__.py": "", "shop/models.py": models, "shop/names.py": text, "tests/test_a.py": text}


def test_an_attribute_that_none_is_like_has_no_option(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app("User.rate"), missing(name="rate"))


def test_of_two_classes_of_the_name_neither_is_meant(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app("User.username", MODELS + MORE.format("User")), missing())


@pytest.mark.parametrize("use", ["other.username", "Other(username=1)", "'username'", "User(username=1, user_name=2)"])
def test_what_may_be_another_class_on_another_line_stays(tmp_path: Path, use: str) -> None:
    assert KIND not in options_for(tmp_path, app(use), missing(("shop/models.py", 2)))


@pytest.mark.parametrize(
    ("use", "right"),
    [
        ("User.username", "User.user_name"),
        ("User(username='ann')", "User(user_name='ann')"),
        ("user.username", "user.user_name"),
        ("session.query(User).filter_by(username='ann')", "session.query(User).filter_by(user_name='ann')"),
    ],
)
def test_the_name_of_the_class_is_used(tmp_path: Path, use: str, right: str) -> None:
    option = options_for(tmp_path, app(use), missing())[KIND]

    assert patched(tmp_path, option) == {"shop/names.py": str(app(right)["shop/names.py"])}
    assert option.title == 'Use User.user_name in place of "username", in the app'


def test_uses_in_the_tests_are_an_option_of_their_own(tmp_path: Path) -> None:
    found = options_for(tmp_path, app("User(username='ann')"), missing())

    assert {kind: (one.files, one.on_tests) for kind, one in found.items()} == {
        KIND: (("shop/names.py",), False),
        f"{KIND}-of-class": (("shop/models.py",), False),
        f"{KIND}-in-tests": (("tests/test_a.py",), True),
    }


@pytest.mark.parametrize("declared", ["user_name: Mapped[str]", "user_name = mapped_column(String)"])
def test_the_class_gets_the_name_that_is_used_where_nothing_mentions_its_own(tmp_path: Path, declared: str) -> None:
    models = MODELS.replace("user_name: Mapped[str]", declared)

    option = options_for(tmp_path, app("user.username", models), missing())[f"{KIND}-of-class"]

    assert patched(tmp_path, option) == {"shop/models.py": models.replace("user_name", "username")}
    assert option.losses == ("the column user_name of users may get another name too, which asks for a migration",)


@pytest.mark.parametrize("use", ["(user.username, user.user_name)", "(user.username, 'user_name')"])
def test_the_class_keeps_a_name_that_something_else_mentions(tmp_path: Path, use: str) -> None:
    found = options_for(tmp_path, app(use), missing())

    assert KIND in found
    assert f"{KIND}-of-class" not in found
