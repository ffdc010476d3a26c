"""A cause at some of the classes of one name has options that leave the others alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import cause, options_for, patched
from tests.fixes.collisions import DUPLICATE, app

#: of another application, and the one that most of its files import
FAR = {
    "far/__init__.py": "",
    "far/base.py": "from app.base import Base\n",
    "far/models.py": DUPLICATE.format(table="f"),
}
NEAR = ("app/accounts.py:7 definition", "app/members/models.py:6 duplicate")


@pytest.mark.parametrize("kind", ["re-export", "rename-duplicate", "qualify-relationships"])
def test_the_patch_touches_only_these_and_what_imports_them(tmp_path: Path, kind: str) -> None:
    near = cause("mapper-collision", "User", *NEAR)

    option = options_for(tmp_path, {**app(table="members"), **FAR}, near)[kind]

    assert patched(tmp_path, option)
    assert not [path for path in option.files if path.startswith("far/")]


def test_of_classes_without_the_primary_one_another_is_kept(tmp_path: Path) -> None:
    far = cause("mapper-collision", "User", "far/models.py:6 duplicate", NEAR[1])

    option = options_for(tmp_path, {**app(table="members"), **FAR}, far)["re-export"]

    assert option.title == "Let far.models import User from app.members.models"
    assert "the table f" in option.losses


def test_of_one_class_nothing_collides(tmp_path: Path) -> None:
    assert options_for(tmp_path, {**app(), **FAR}, cause("mapper-collision", "User", NEAR[0])) == {}
