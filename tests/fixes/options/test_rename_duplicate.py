"""The duplicate of a collision gets another name, and its importers go on with the name that they use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import options_of, patched
from tests.fixes.collisions import DUPLICATE, USERS, app, run

KIND = "rename-duplicate"


def test_an_importer_that_takes_everything_is_an_obstacle(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(app__odd="from app.members.models import *\n"))[KIND]

    assert option.patch == ""
    assert "app/odd.py:1 imports every name of app.members.models" in str(option.obstacle)


@pytest.mark.slow
def test_the_app_is_ambiguous_before_and_configures_after(tmp_path: Path) -> None:
    option = options_of(tmp_path, app())[KIND]
    assert 'Multiple classes found for path "User"' in run(tmp_path, "configure_mappers()")

    texts = patched(tmp_path, option)

    assert "class MembersUser(Base):" in texts["app/members/models.py"]
    assert texts["app/plain.py"].startswith("from app.members.models import MembersUser as User  # kept\n")
    assert texts["app/renamed.py"].startswith("from app.members.models import MembersUser as Member\n")
    assert texts["app/alias.py"] == "import app.members.models as m\n\nuser = m.MembersUser\n"
    assert (
        run(tmp_path, f"configure_mappers()\nimport sys\nprint({{one.__name__ for one in {USERS}}})")
        == "{'MembersUser'}"
    )
    assert "app/accounts.py" not in option.files


@pytest.mark.slow
def test_two_classes_of_one_table_are_told_as_a_loss_and_two_tables_are_not(tmp_path: Path) -> None:
    same = options_of(tmp_path / "same", app())[KIND]
    other = options_of(tmp_path / "other", app(table="members"))[KIND]

    assert same.losses == ("two classes stay mapped to the table users: what one changes, the other does not see",)
    assert other.losses == ()


def test_a_file_that_imports_the_module_and_uses_nothing_of_it_stays_as_it_is(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(app__all="import app.members.models  # noqa: F401\n"))[KIND]

    assert option.can_be_tried, option.obstacle
    assert "app/all.py" not in option.files


def test_a_name_that_is_taken_is_not_given(tmp_path: Path) -> None:
    text = DUPLICATE.format(table="m").replace("class User", "class MembersUser")

    option = options_of(tmp_path, app(app__taken=text))[KIND]

    assert option.title == "Rename app.members.models.User to MembersUserRow"


@pytest.mark.slow
def test_other_things_of_that_name_keep_it(tmp_path: Path) -> None:
    files = app()
    more = """

import app.accounts
import app.members.models

owner = app.accounts.User
own = app.members.models.User
made = dict(User=1)


class Sheet:
    User = 1
    again = User


def told(User):
    return User, again(User=User)


def made_of():
    return User()
"""
    files["app/members/models.py"] = str(files["app/members/models.py"]) + more
    option = options_of(tmp_path, files)[KIND]

    text = patched(tmp_path, option)["app/members/models.py"]

    changed = more.replace("own = app.members.models.User", "own = app.members.models.MembersUser")
    assert text.endswith(changed.replace("return User()", "return MembersUser()"))
    assert "class MembersUser(Base):" in text
