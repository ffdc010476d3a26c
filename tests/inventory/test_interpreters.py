"""Each Python from 3.8 on reads the same out of the same source."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import kit
from kit.facts.target import Interpreter
from kit.inventory.source.reading import read_source
from kit.inventory.source.records import FileRecord
from tests.helpers import write_project
from tests.inventory.families import families
from tests.inventory.projects import target_at
from tests.target.making import python_of

pytestmark = pytest.mark.slow

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
#: what no Python parses, each for a reason of its own
BROKEN = {
    "broken/nul.py": "import os\0\nfrom app import models",
    "broken/half.py": "from a import (b,\nclass A(",
    "broken/deep.py": "import os\nx = " + "(" * 250 + ")" * 250,
}
REFUSED = """
import ast, sys
for path in sys.stdin.read().splitlines():
    try:
        with open(path, "rb") as stream:
            ast.parse(stream.read())
    except Exception:
        print(path)
"""


@cache
def _files() -> dict[str, str]:
    """The reproductions of the catalogue, and the demo as it is parsed by every Python."""
    files = dict(BROKEN)
    for family in families():
        files |= {f"{family.name.replace('-', '_')}/{path}": text for path, text in family.broken.items()}
    demo = Path(str(kit.__file__)).parent / "demo"
    files |= {f"demo/{file.relative_to(demo).as_posix()}": file.read_text() for file in demo.rglob("*.py")}
    return {path: text for path, text in files.items() if path.endswith(".py")}


def _read(root: Path, python: str, version: str) -> dict[str, FileRecord]:
    facts = read_source(replace(target_at(root), interpreter=Interpreter(python, f"{version}.0")))
    assert facts.problems == ()
    return {record.path: record for record in facts.files}


def differing_records(python: str, version: str, root: Path) -> tuple[int, list[str]]:
    """How many files this Python has read, and those whose records are not as the Python that runs this has them."""
    write_project(root, _files())
    expected = _read(root, sys.executable, f"{sys.version_info.major}.{sys.version_info.minor}")
    found = _read(root, python, version)
    assert found.keys() == expected.keys() == _files().keys()
    refused = _refused(python, root)
    return len(found), [
        path for path, record in found.items() if not _is_alike(record, expected[path], is_refused=path in refused)
    ]


def _is_alike(record: FileRecord, expected: FileRecord, *, is_refused: bool) -> bool:
    if record.error or is_refused:  # how a parser puts what is wrong, and where, is its own
        return bool(record.error) and is_refused and record.approximate and record.imports == expected.imports
    return record == expected


@pytest.mark.parametrize("version", VERSIONS)
def test_the_source_facts_are_the_same_whatever_python_reads(version: str, tmp_path: Path) -> None:
    total, differing = differing_records(python_of(version), version, tmp_path)
    assert total == len(_files()) > 100
    assert differing == []


def _refused(python: str, root: Path) -> set[str]:
    """What a Python says itself that it cannot parse."""
    run = subprocess.run([python, "-c", REFUSED], cwd=root, input="\n".join(_files()), capture_output=True, text=True)
    return set(run.stdout.splitlines())


def test_a_type_alias_statement_binds_its_name(tmp_path: Path) -> None:
    write_project(tmp_path, {"kinds.py": "type Price = int\ntype Pair[T] = tuple[T, T]\n"})
    target = replace(target_at(tmp_path), interpreter=Interpreter(python_of("3.12"), "3.12.0"))
    (record,) = read_source(target).files
    assert [(binding.name, binding.line) for binding in record.bindings] == [("Price", 1), ("Pair", 2)]
