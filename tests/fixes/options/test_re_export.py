"""The module of a duplicate class imports the primary one in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import BASE, options_of, patched

PRIMARY = '''
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base


class User(Base):
    """Who signs in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(80), unique=True)
    orders: Mapped[list["Order"]] = relationship("Order")


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship("User")
'''
DUPLICATE = """
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base

if TYPE_CHECKING:
    from app.clubs import Club

LIMIT = 3


class User(Base):
    __tablename__ = "users"
    __table_args__ = {"extend_existing": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(80))
    born: Mapped[date | None]
    club: Mapped["Club"] = relationship("Club")
    notes: Mapped[list["Note"]] = relationship("Note")

    def is_over(self) -> bool:
        return len(self.notes) > LIMIT


class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
"""
APP: dict[str, str | bytes] = {
    "app/__init__.py": "",
    "app/base.py": BASE,
    "app/auth.py": PRIMARY,
    "app/people.py": DUPLICATE,
    "app/index.py": "import app.auth\nimport app.people\n",
    "app/one.py": "from app.auth import User\n",
    "app/two.py": "from app.auth import User\n",
    "app/three.py": "from app.people import User\nfrom app.people import date\n",
}


def test_two_classes_of_one_module_have_no_option_of_this_kind(tmp_path: Path) -> None:
    both = PRIMARY + DUPLICATE[DUPLICATE.index("class User") :]

    found = options_of(tmp_path, {"app/__init__.py": "", "app/base.py": BASE, "app/auth.py": both})

    assert not {"re-export", "re-export-and-carry-over"} & set(found)


@pytest.mark.slow
def test_the_duplicate_goes_and_the_other_models_of_its_module_stay(tmp_path: Path) -> None:
    text = patched(tmp_path, options_of(tmp_path, APP)["re-export"])["app/people.py"]

    assert "class User" not in text
    assert "from app.auth import User" in text
    assert "class Note(Base):" in text
    assert "LIMIT = 3" in text


def test_imports_that_nothing_uses_any_more_go_except_those_that_others_take_from_there(tmp_path: Path) -> None:
    text = patched(tmp_path, options_of(tmp_path, APP)["re-export"])["app/people.py"]

    assert "TYPE_CHECKING" not in text
    assert "String" not in text
    assert "from datetime import date" in text  # app/three.py imports it from here
    assert "ForeignKey" in text


def test_what_only_the_duplicate_has_is_named_as_lost_and_differences_as_conflicts(tmp_path: Path) -> None:
    losses = options_of(tmp_path, APP)["re-export"].losses

    assert losses[:4] == ("born", "club", "notes", "method is_over")
    assert losses[4].startswith("email: ")
    assert "gives way to" in losses[4]


def test_what_only_the_duplicate_has_moves_with_the_imports_that_it_needs(tmp_path: Path) -> None:
    option = options_of(tmp_path, APP)["re-export-and-carry-over"]

    text = patched(tmp_path, option)["app/auth.py"]

    user = text[text.index("class User") : text.index("class Order")]
    assert 'club: Mapped["Club"] = relationship("Club")' in user
    assert "born: Mapped[date | None]" in user
    assert "from datetime import date" in text
    types = text[text.index("if TYPE_CHECKING:") :]
    assert "from app.clubs import Club" in types
    assert "from app.people import Note" in types  # for types only: that module imports this one


def test_what_cannot_move_is_named_with_the_reason(tmp_path: Path) -> None:
    losses = options_of(tmp_path, APP)["re-export-and-carry-over"].losses

    assert "is_over: uses LIMIT, which app/people.py defines" in losses
    assert not any(loss.startswith(("born", "club", "notes")) for loss in losses)


def test_an_index_that_only_the_duplicate_gives_its_table_is_lost(tmp_path: Path) -> None:
    arguments = '(Index("ix_users_email", "email"), Index("ix_born", "born"), {"extend_existing": True})'
    duplicate = DUPLICATE.replace('{"extend_existing": True}', arguments).replace("ForeignKey,", "ForeignKey, Index,")
    primary = PRIMARY.replace("unique=True", "index=True")

    losses = options_of(tmp_path, {**APP, "app/people.py": duplicate, "app/auth.py": primary})["re-export"].losses

    assert [loss for loss in losses if loss.startswith("Index")] == ["Index ix_born"]


@pytest.mark.slow
def test_of_many_duplicates_some_are_named_and_the_others_counted(tmp_path: Path) -> None:
    files = APP | {f"app/more{number}.py": DUPLICATE.replace('"users"', f'"users{number}"') for number in range(8)}

    title = options_of(tmp_path, files)["re-export"].title

    assert title.endswith(" and 4 more modules import User from app.auth")
    assert title.count("app.") == 6
