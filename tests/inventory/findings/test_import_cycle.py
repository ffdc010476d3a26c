"""Import cycles among modules that map classes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import write_project
from tests.inventory.projects import Source

HEAD = "from sqlalchemy import Column, Integer\nfrom db import Base\n"
CLASS = "class {0}(Base):\n    __tablename__ = '{0}'\n    id = Column(Integer, primary_key=True)\n"
MODELS = {
    "db.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "a.py": f"{HEAD}from b import B\n{CLASS.format('A')}",
    "b.py": f"{HEAD}from a import A\n{CLASS.format('B')}",
}


def imports(root: Path, module: str) -> str:
    code = [sys.executable, "-Bc", f"import {module}"]
    return subprocess.run(code, cwd=root, capture_output=True, text=True, check=False).stderr


@pytest.mark.slow
def test_two_modules_of_mapped_classes(tmp_path: Path) -> None:
    (finding,) = Source(MODELS).found("import-cycle")
    assert (finding.id, finding.severity) == ("import-cycle:a", "smell")
    assert finding.title == "a and b import each other while they are imported"
    assert finding.evidence == ("a.py:3 imports b", "b.py:3 imports a")
    assert "partially initialized module" in imports(write_project(tmp_path, MODELS), "a")


@pytest.mark.slow
def test_the_healthy_twin_imports_in_a_function(tmp_path: Path) -> None:
    twin = {**MODELS, "b.py": f"{HEAD}{CLASS.format('B')}    def a(self):\n        from a import A\n"}
    assert Source(twin).found("import-cycle") == []
    assert imports(write_project(tmp_path, twin), "a") == ""


def test_other_modules_may_import_each_other() -> None:
    assert Source({**MODELS, "b.py": "import a\nB = None"}).found("import-cycle") == []
