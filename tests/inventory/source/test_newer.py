"""Source for a newer Python than the one that reads it is no defect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.inventory import InventoryFacts
from kit.facts.target import Interpreter
from kit.inventory import Inventory
from tests.helpers import write_project
from tests.inventory.projects import target_at
from tests.target.making import python_of

pytestmark = pytest.mark.slow

ALIAS = "type Price = int\n"


def look(root: Path, files: dict[str, str], version: str) -> InventoryFacts:
    target = target_at(write_project(root, files))
    target = replace(target, interpreter=Interpreter(python_of(version), f"{version}.0"))
    return Inventory.of(target, runtime=False).facts


#: what pyproject.toml requires, the reader's version, what cannot be read, and whether that is a defect
READ = [
    (">=3.12", "3.11", ALIAS, False),
    (">=3.12", "3.11", "x = (\n", False),  # 3.11 cannot tell
    (">=3.12", "3.12", "x = (\n", True),
    (">=3.9", "3.11", ALIAS, True),
    (None, "3.11", ALIAS, False),
    (None, "3.11", "class Box[T]:\n    pass\n", False),
    (None, "3.11", "def first[T](items: list[T]) -> T: ...\n", False),
    (None, "3.11", 'x = f"{"a"}"\n', False),
    (None, "3.9", "match x:\n    case 1:\n        pass\n", False),
    (None, "3.10", "try:\n    pass\nexcept* ValueError:\n    pass\n", False),
    (None, "3.11", "lazy import json\n", False),
    (None, "3.11", "lazy from app.deep import name as other\n", False),
    (None, "3.11", 'greeting = t"hello {name}"\n', False),
    (None, "3.11", "send(rt'{a}\\d')\n", False),
    (None, "3.11", "try:\n    pass\nexcept ValueError, errors.Wrong:\n    pass\n", False),
    (None, "3.11", "x = [*row for row in rows]\n", False),
    (None, "3.12", "class Box[T = int]:\n    pass\n", False),
    (None, "3.11", "type = = 3\n", True),
    (None, "3.11", "try:\n    pass\nexcept ValueError, error:\n    pass\n", True),  # Python 2
    (None, "3.11", "lazy = = 3\n", True),
    (None, "3.11", "x = 't' 3 3\n", True),
    (None, "3.11", "x = (\n", True),
    (None, "3.12", "def first[T(items): ...\n", True),
]


@pytest.mark.parametrize(("required", "reader", "text", "is_defect"), READ)
def test_a_file_that_only_a_newer_python_parses(
    required: str | None, reader: str, text: str, is_defect: bool, tmp_path: Path
) -> None:
    files = {"app/__init__.py": "", "app/a.py": text, "tests/test_a.py": "from app.a import Price\n"}
    if required:
        files["pyproject.toml"] = f'[project]\nname = "app"\nrequires-python = "{required}"\n'
    facts = look(tmp_path, files, reader)
    assert [finding.kind for finding in facts.findings] == ["unparsable-file"] * is_defect
    assert len(facts.problems) == (not is_defect)
    for sentence in facts.problems:
        assert sentence.startswith("1 source file was only searched for imports: ")
        assert f"Python {reader}.0 has read the source." in sentence
