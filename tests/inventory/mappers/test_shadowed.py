"""A folder of the target whose name another package has too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.inventory import InventoryFacts
from kit.inventory import Inventory
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column
    from app.base import Base

    class {name}(Base):
        __tablename__ = "{name}"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
APP = {
    "pytest.ini": "[pytest]\n",
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": MODEL.format(name="User"),
    "test/test_users.py": MODEL.format(name="Probe") + "    def test_a(): pass\n",
}


def facts_of(root: Path, files: dict[str, str]) -> InventoryFacts:
    return Inventory.of(find_target(write_project(root / "shop", files))).facts


def test_a_folder_named_like_a_package_of_python_is_no_error_of_the_tests_in_it(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, APP)

    assert facts.runtime_errors == ()
    assert facts.problems == ()
    assert [mapped.name for mapped in facts.mapped_classes if "runtime" in mapped.sides] == ["User"]


@pytest.mark.parametrize("taken", ["code", "email"])
def test_other_code_in_such_a_folder_is_told_with_what_hides_it(tmp_path: Path, taken: str) -> None:
    facts = facts_of(tmp_path, {**APP, f"{taken}/letters.py": MODEL.format(name="Letter")})

    (error,) = facts.runtime_errors
    assert error.module == f"{taken}.letters"
    assert error.message.endswith(f'Python finds another package "{taken}" before the target\'s folder')


def test_a_module_that_is_gone_is_told_as_it_is(tmp_path: Path) -> None:
    gone = "import test.nothing_here\n" + MODEL.format(name="Order").replace("\n    ", "\n")
    facts = facts_of(tmp_path, {**APP, "app/orders.py": gone})

    assert [error.message for error in facts.runtime_errors] == ["No module named 'test.nothing_here'"]
