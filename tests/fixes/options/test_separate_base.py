"""The duplicate of a collision gets a registry of its own, with the MetaData that it had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import BASE, options_of, patched
from tests.fixes.collisions import app, run

KIND = "separate-base"


@pytest.mark.parametrize(
    "changed",
    [
        {"app/base.py": BASE.replace("    pass", "    type_annotation_map = {}")},
        {"app/base.py": "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"},
    ],
)
def test_a_base_that_does_more_is_not_repeated(tmp_path: Path, changed: dict[str, str]) -> None:
    assert KIND not in options_of(tmp_path, app(table="members") | changed)


def test_a_duplicate_that_strings_relate_to_others_stays_in_its_registry(tmp_path: Path) -> None:
    files = app(table="members")
    more = '    orders: Mapped[list["Order"]] = relationship("Order", viewonly=True)\n'
    text = str(files["app/members/models.py"]).replace("mapped_column\n", "mapped_column, relationship\n", 1)
    files["app/members/models.py"] = text.replace("    def greet", f"{more}\n    def greet")

    assert KIND not in options_of(tmp_path, files)


@pytest.mark.parametrize(("table", "losses"), [("members", 1), ("users", 2)])
@pytest.mark.slow
def test_both_classes_are_mapped_and_the_tables_are_in_one_metadata(tmp_path: Path, table: str, losses: int) -> None:
    option = options_of(tmp_path, app(table=table))[KIND]

    text = patched(tmp_path, option)["app/members/models.py"]

    assert "class UserBase(DeclarativeBase):\n" in text
    assert "    metadata = Base.metadata\n\n\nclass User(UserBase):\n" in text
    assert len(option.losses) == losses
    assert run(tmp_path, "configure_mappers()\nprint(sorted(app.accounts.Base.metadata.tables))") == str(
        sorted({"orders", "users", table})
    )
