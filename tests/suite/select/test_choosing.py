"""Which test files a changed file concerns, by the imports in the source and those that were seen."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kit.suite.select.choosing import Chooser
from kit.suite.select.record import Record
from kit.suite.select.unit_sets import NO_UNITS
from tests.helpers import write_project
from tests.suite.projects import target_of

FILES = {
    "pytest.ini": "[pytest]\n",
    "app/a.py": "",
    "app/b.py": "",
    "app/loader.py": "import importlib\ndef load(name): return importlib.import_module(name)\n",
    "t/test_a.py": "import app.a\n",
    "t/test_loader.py": "import app.loader\n",
    "t/test_seen.py": "",
}
IMPORTERS = {"app/a.py": {"t/test_a.py"}, "app/loader.py": {"t/test_loader.py"}}


def importers(paths: Collection[str]) -> dict[str, set[str]]:
    return {path: IMPORTERS.get(path, set()) for path in paths}


def chooser(root: Path) -> Chooser:
    tests = {f"{path}::test": (NO_UNITS, 0, True) for path in FILES if path.startswith("t/")}
    record = Record(tests=tests, edges=frozenset({("t/test_seen.py", "app/a.py")}))
    return Chooser(target_of(write_project(root, FILES)), record, importers)


def test_what_imports_by_computed_names_may_import_each_file(tmp_path: Path) -> None:
    assert chooser(tmp_path).files_of(["app/a.py"]) == ("t/test_a.py", "t/test_loader.py", "t/test_seen.py")


def test_a_file_that_nothing_is_known_to_import_concerns_all(tmp_path: Path) -> None:
    assert chooser(tmp_path).files_of(["app/b.py"]) == ("t/test_a.py", "t/test_loader.py", "t/test_seen.py")


def test_a_change_of_what_imports_by_computed_names_concerns_only_those_that_import_it(tmp_path: Path) -> None:
    assert chooser(tmp_path).files_of(["app/loader.py"]) == ("t/test_loader.py",)
