"""Relationship strings name the class by its module, so that two classes of one name may stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import options_of, patched
from tests.fixes.collisions import PRIMARY, app, run

KIND = "qualify-relationships"
NOTES = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship("User", back_populates="notes")
    first: Mapped["User"] = relationship(
        "User", order_by="User.email", primaryjoin="User.id == Note.user_id", viewonly=True
    )
"""


def test_a_collision_that_no_string_meets_has_no_such_option(tmp_path: Path) -> None:
    files = app()
    files["app/accounts.py"] = PRIMARY.replace('relationship("User", ', "relationship(User, ").replace(
        'Mapped["User"]', "Mapped[User]"
    )

    assert KIND not in options_of(tmp_path, files)


@pytest.mark.slow
def test_each_string_names_one_class_and_all_mappers_configure(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(table="members"))[KIND]

    text = patched(tmp_path, option)["app/accounts.py"]

    full = 'relationship("app.accounts.User", back_populates="orders", foreign_keys="Order.user_id")'
    assert text == PRIMARY.replace('relationship("User", back_populates="orders", foreign_keys="Order.user_id")', full)
    assert run(tmp_path, "configure_mappers()\nprint(1)") == "1"


def test_expressions_that_name_the_class_are_qualified_too_and_the_other_side_decides(tmp_path: Path) -> None:
    files = app(app__notes=NOTES)
    more = '    notes: Mapped[list["Note"]] = relationship("Note", back_populates="user")\n'
    duplicate = str(files["app/members/models.py"]).replace("mapped_column\n", "mapped_column, relationship\n", 1)
    files["app/members/models.py"] = duplicate.replace("    def greet", f"{more}\n    def greet")
    option = options_of(tmp_path, files)[KIND]

    text = patched(tmp_path, option)["app/notes.py"]

    assert 'relationship("app.members.models.User", back_populates="notes")' in text
    assert 'order_by="app.accounts.User.email"' in text
    assert 'primaryjoin="app.accounts.User.id == Note.user_id"' in text


def test_strings_that_name_no_class_stay(tmp_path: Path) -> None:
    files = app(table="members")
    others = 'relationship("User", info={"label": "User"}, doc="User.email of the order", '
    files["app/accounts.py"] = PRIMARY.replace('relationship("User", ', others)
    option = options_of(tmp_path, files)[KIND]

    text = patched(tmp_path, option)["app/accounts.py"]

    assert others.replace('relationship("User"', 'relationship("app.accounts.User"') in text
    assert option.why.startswith("1 relationship finds one class then")
