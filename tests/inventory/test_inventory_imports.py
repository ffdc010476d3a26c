"""What test files import, as the inventory tells it."""

from __future__ import annotations

from pathlib import Path

from kit.inventory import Inventory
from tests.helpers import write_project
from tests.inventory.projects import target_at


def test_what_a_test_file_imports_comes_with_its_conftest_and_packages(tmp_path: Path) -> None:
    root = write_project(
        tmp_path / "shop",
        {
            "app/__init__.py": "",
            "app/a.py": "from app import b\n",
            "app/b.py": "",
            "app/c.py": "",
            "tests/conftest.py": "import app.c\n",
            "tests/test_a.py": "import app.a\n",
        },
    )

    imported = Inventory.of(target_at(root), runtime=False).imported_by_tests()

    assert imported["tests/test_a.py"] == {
        "app/__init__.py", "app/a.py", "app/b.py", "app/c.py", "tests/conftest.py", "tests/test_a.py",
    }  # fmt: skip
