"""The duplicate of a collision goes, and all that imported it imports the other class under the same name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import options_of, patched
from tests.fixes.collisions import IMPORTING, USERS, app, run

KIND = "delete-duplicate"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from app.members.models import *\n", "imports every name of app.members.models"),
        ("import app.members.models as m\n\nuser = m.User, m.OTHER\n", "uses m.OTHER as well"),
    ],
)
def test_an_importer_that_cannot_be_rewritten_is_an_obstacle(tmp_path: Path, text: str, why: str) -> None:
    option = options_of(tmp_path, app(app__odd=text))[KIND]

    assert option.patch == ""
    assert "app/odd.py" in str(option.obstacle)
    assert why in str(option.obstacle)


def test_a_duplicate_that_nothing_imports_has_no_such_option(tmp_path: Path) -> None:
    files = {path: text for path, text in app().items() if path not in IMPORTING}

    assert KIND not in options_of(tmp_path, files)


@pytest.mark.slow
def test_every_importer_gets_the_one_class_and_the_file_is_gone(tmp_path: Path) -> None:
    option = options_of(tmp_path, app())[KIND]
    texts = patched(tmp_path, option)

    assert not (tmp_path / "app/members/models.py").exists()
    assert texts["app/plain.py"].startswith("from app.accounts import User  # kept\n")
    assert texts["app/renamed.py"].startswith("from app.accounts import User as Member\n")
    assert "members.models" not in "".join(texts.values())
    assert run(tmp_path, f"configure_mappers()\nimport sys\nprint(len({USERS}), len(set({USERS})))") == "7 1"
    assert run(tmp_path, "print(app.plain.User().greet())") == "hello"
    assert not option.on_tests


@pytest.mark.slow
def test_the_other_models_of_its_module_stay(tmp_path: Path) -> None:
    club = 'class Club(Base):\n    __tablename__ = "clubs"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    files = app()
    files["app/members/models.py"] = f"{files['app/members/models.py']!s}\n\n{club}"
    files["app/both.py"] = "from app.members.models import Club, User\n\nuser = User\nclub = Club\n"

    texts = patched(tmp_path, options_of(tmp_path, files)[KIND])

    assert "class Club(Base)" in texts["app/members/models.py"]
    assert "class User" not in texts["app/members/models.py"]
    start = "from app.members.models import Club\nfrom app.accounts import User\n"
    assert texts["app/both.py"].startswith(start)


def test_what_only_names_the_class_in_a_text_is_told_as_a_loss(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(app__named='NAME = "app.members.models.User"\n'))[KIND]

    assert "the text at app/named.py:1 names the class that is gone" in option.losses


def test_rewriting_the_imports_of_tests_is_an_option_on_tests(tmp_path: Path) -> None:
    option = options_of(
        tmp_path, app(tests__test_a="from app.members.models import User\n\ndef test_a():\n    User()\n")
    )[KIND]

    assert option.on_tests
    assert "tests/test_a.py" in option.files
