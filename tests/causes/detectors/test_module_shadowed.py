"""A file that is called like a module of Python, and so hides it, is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

FILES = {
    "pyproject.toml": PYPROJECT,
    "shop/__init__.py": "",
    "shop/calendar.py": "A = 1\n",
    "shop/terms.py": "from statistics import mean\n",
    "tests/statistics.py": "ROWS = []\n",
    "tests/test_terms.py": "import shop.terms\n",
}
#: as Python 3.13 says it
RENAMING = "(consider renaming '/shop/tests/statistics.py' since it has the same name as the standard library module)"


def _cause(
    folder: Path, message: str, kind: str = "ImportError", loaded: Mapping[str, str] = MappingProxyType({})
) -> Cause:
    target = find_target(write_project(folder / "shop", FILES))
    failure = failure_with(message, kind, phase="collect", frames=(own("shop/terms.py", 1, "<module>"),))
    facts = replace(suite([], test_terms=failure), loaded_modules=dict(loaded))
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("cannot import name 'mean' from 'statistics' (tests/statistics.py)", "ImportError"),
        (f"cannot import name 'mean' from 'statistics' {RENAMING}", "ImportError"),
        ("module 'statistics' has no attribute 'mean'", "AttributeError"),
    ],
)
def test_the_file_that_hides_the_module_is_named(tmp_path: Path, message: str, kind: str) -> None:
    cause = _cause(tmp_path, message, kind)
    assert cause.kind == "module-shadowed"
    assert cause.title == 'tests/statistics.py is imported in place of Python\'s own module "statistics"'
    assert places(cause) == ["tests/statistics.py:1", "shop/terms.py:1"]


@pytest.mark.parametrize(
    "message",
    [
        "cannot import name 'gone' from 'statistics' (/usr/lib/python3.11/statistics.py)",
        r"cannot import name 'gone' from 'statistics' (C:\Python311\Lib\statistics.py)",
    ],
)
def test_a_name_that_the_module_of_python_itself_lacks_is_not_laid_at_the_file(tmp_path: Path, message: str) -> None:
    assert _cause(tmp_path, message).kind != "module-shadowed"


def test_a_file_that_was_not_imported_under_the_name_hides_nothing(tmp_path: Path) -> None:
    message, kind = "module 'statistics' has no attribute 'gone'", "AttributeError"
    other = {"shop": "shop/__init__.py", "tests.statistics": "tests/statistics.py"}
    assert _cause(tmp_path / "a", message, kind, other).kind != "module-shadowed"
    assert _cause(tmp_path / "b", message, kind, {"statistics": "tests/statistics.py"}).kind == "module-shadowed"


def test_a_module_of_a_package_hides_nothing(tmp_path: Path) -> None:
    assert _cause(tmp_path, "cannot import name 'gone' from 'calendar' (calendar.py)").kind != "module-shadowed"


def test_a_name_that_another_library_lacks_is_not_taken_for_it(tmp_path: Path) -> None:
    assert _cause(tmp_path, "cannot import name 'mean' from 'numbers_of_others'").kind != "module-shadowed"
