"""The file with a relationship imports the module of the class that it names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.facts.fixes import FixOption
from tests.fixes.apps import BASE, cause, options_for, patched

OWNER = """from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base

if TYPE_CHECKING:
    from app.pets import Pet


class Owner(Base):
    __tablename__ = "owners"

    id: Mapped[int] = mapped_column(primary_key=True)
    pets: Mapped[list["Pet"]] = relationship("Pet", back_populates="owner")
"""
PET = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base
from app.owners import Owner


class Pet(Base):
    __tablename__ = "pets"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owners.id"))
    owner: Mapped[Owner] = relationship(Owner, back_populates="pets")
"""
PLACES = ("app/owners.py:15 relationship", "app/pets.py:8 definition")
FILES: dict[str, str | bytes] = {
    "app/__init__.py": "",
    "app/base.py": BASE,
    "app/owners.py": OWNER,
    "app/pets.py": PET,
}


def found(root: Path, *places: str, **changed: str) -> dict[str, FixOption]:
    files = FILES | {f"app/{name}.py": text for name, text in changed.items()}
    return options_for(root, files, cause("broken-relationship", "Owner.Pet", *(places or PLACES)))


@pytest.mark.parametrize(
    "changed",
    [
        {"owners": OWNER + "\n\nfrom app.pets import Pet as Animal\n"},  # it is imported, so something else is wrong
        {"pets": PET.replace("class Pet(", "class Dog(")},  # no class of that name
        {"cats": PET.replace('"pets"\n', '"cats"\n')},  # two classes of that name
        {
            "pets": PET.replace(
                "from app.base import Base",
                "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase): ...",
            )
        },
    ],
    ids=["imported", "absent", "ambiguous", "other registry"],
)
def test_there_is_no_option_where_the_import_would_not_help(tmp_path: Path, changed: dict[str, str]) -> None:
    assert "import-model" not in found(tmp_path, **changed)


def test_a_cause_that_is_not_about_a_relationship_has_no_such_option(tmp_path: Path) -> None:
    assert "import-model" not in found(tmp_path, "app/owners.py:11 definition")


@pytest.mark.parametrize("first", ["owners", "pets"])
@pytest.mark.slow
def test_the_mappers_configure_whichever_module_comes_first(tmp_path: Path, first: str) -> None:
    option = found(tmp_path)["import-model"]

    assert patched(tmp_path, option)["app/owners.py"] == OWNER + "\nimport app.pets  # noqa: E402, F401\n"

    code = f"import app.{first}\nfrom sqlalchemy.orm import configure_mappers\nconfigure_mappers()"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path).returncode == 0


def test_a_file_without_a_final_newline_gets_one(tmp_path: Path) -> None:
    option = found(tmp_path, owners=OWNER.rstrip("\n"))["import-model"]

    assert patched(tmp_path, option)["app/owners.py"].endswith('"owner")\n\nimport app.pets  # noqa: E402, F401\n')


def test_a_wrong_back_populates_does_not_ask_for_an_import(tmp_path: Path) -> None:
    named = cause("broken-relationship", "Pet.owner_all", *PLACES)

    assert "import-model" not in options_for(tmp_path, FILES, named)
