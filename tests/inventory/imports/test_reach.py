"""Which files an edit can reach."""

from __future__ import annotations

from pathlib import Path

from kit.inventory import Inventory, Reach, imported_by_tests
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here
from tests.suite.projects import target_of

FILES = {
    "app/__init__.py": "",
    "app/models.py": "from app.base import Base\n",
    "app/base.py": "class Base: pass\n",
    "app/alone.py": "",
    "conftest.py": "def fixture():\n    from app import models\n",
    "test_a.py": "import app.models\n",
    "test_b.py": "def test_b():\n    from app.base import Base\n",
}


def test_files_that_import_another_are_found_through_others_and_in_functions(tmp_path: Path) -> None:
    reach = Reach(target_of(write_project(tmp_path / "project", FILES)))

    assert reach(["app/base.py", "app/alone.py"]) == {
        "app/base.py": {"app/models.py", "conftest.py", "test_a.py", "test_b.py"},
        "app/alone.py": frozenset(),
    }
    assert "test_b.py" in reach(["app/__init__.py"])["app/__init__.py"]


def test_of_a_file_that_is_gone_it_is_known_who_imported_it(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", FILES)
    reach = Reach(target_of(root))
    (root / "app/base.py").unlink()

    assert reach(["app/base.py"])["app/base.py"] >= {"test_a.py", "test_b.py"}


def test_a_new_import_counts(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", FILES)
    reach = Reach(target_of(root))
    write_project(root, {"test_c.py": "import app.alone\n"})

    assert reach(["app/alone.py"]) == {"app/alone.py": {"test_c.py"}}


def test_a_file_whose_attributes_are_patched_by_name_counts_as_imported(tmp_path: Path) -> None:
    patching = "from unittest.mock import patch\n\n@patch('app.alone.LIMIT', 5)\ndef test_c(): ...\n"
    reach = Reach(target_of(write_project(tmp_path / "project", {**FILES, "test_c.py": patching})))

    assert reach(["app/alone.py"]) == {"app/alone.py": {"test_c.py"}}


def test_what_each_test_file_loads_is_known_without_an_inventory(tmp_path: Path) -> None:
    target = target_of(write_project(tmp_path / "project", FILES))

    assert imported_by_tests(target) == Inventory.of(target, runtime=False).imported_by_tests() != {}
