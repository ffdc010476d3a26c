"""Of two classes for one table one stays; the other name means it as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import options_of, patched
from tests.fixes.collisions import DUPLICATE, IMPORTING, app, run

KIND = "one-class-for-table"


def twice() -> dict[str, str | bytes]:
    """The app with a second class of another name for the table."""
    files = app() | {"app/members/models.py": DUPLICATE.format(table="users").replace("class User", "class Member")}
    files["app/members/models.py"] = str(files["app/members/models.py"]).replace(
        '    __table_args__ = {"extend_existing": True}\n', ""
    )
    for path in IMPORTING:
        files[path] = str(files[path]).replace("User", "Member").replace("Member as Member", "Member")
    return files


def test_classes_of_two_tables_have_no_such_option(tmp_path: Path) -> None:
    files = twice()
    files["app/members/models.py"] = str(files["app/members/models.py"]).replace('"users"', '"members"')

    assert not [kind for kind in options_of(tmp_path, files) if kind.startswith(KIND)]


def test_either_class_can_stay(tmp_path: Path) -> None:
    found = options_of(tmp_path, twice())

    assert found[KIND].title == "Let app.members.models import User from app.accounts as Member"
    assert found[f"{KIND}-2"].title == "Let app.accounts import Member from app.members.models as User"
    assert found[KIND].losses == ()


@pytest.mark.slow
def test_the_table_is_refused_before_and_has_one_class_after(tmp_path: Path) -> None:
    option = options_of(tmp_path, twice())[KIND]
    assert "Table 'users' is already defined" in run(tmp_path, "print(1)")

    texts = patched(tmp_path, option)

    assert texts["app/members/models.py"] == "from app.accounts import User as Member\n"
    assert "def greet(self)" in texts["app/accounts.py"]
    same = "configure_mappers()\nprint(app.plain.Member is app.accounts.User, app.plain.Member().greet())"
    assert run(tmp_path, same) == "True hello"
