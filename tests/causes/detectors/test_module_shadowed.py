"""A file that is called like a module of Python, and so hides it, is named."""

from __future__ import annotations

from pathlib import Path

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


def _cause(folder: Path, message: str, kind: str = "ImportError") -> Cause:
    target = find_target(write_project(folder / "shop", FILES))
    failure = failure_with(message, kind, phase="collect", frames=(own("shop/terms.py", 1, "<module>"),))
    facts = suite([], test_terms=failure)
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("cannot import name 'mean' from 'statistics' (tests/statistics.py)", "ImportError"),
        ("module 'statistics' has no attribute 'mean'", "AttributeError"),
    ],
)
def test_the_file_that_hides_the_module_is_named(tmp_path: Path, message: str, kind: str) -> None:
    cause = _cause(tmp_path, message, kind)
    assert cause.kind == "module-shadowed"
    assert cause.title == 'tests/statistics.py is imported in place of Python\'s own module "statistics"'
    assert places(cause) == ["tests/statistics.py:1", "shop/terms.py:1"]


def test_a_module_of_a_package_hides_nothing(tmp_path: Path) -> None:
    assert _cause(tmp_path, "cannot import name 'gone' from 'calendar' (calendar.py)").kind != "module-shadowed"


def test_a_name_that_another_library_lacks_is_not_taken_for_it(tmp_path: Path) -> None:
    assert _cause(tmp_path, "cannot import name 'mean' from 'numbers_of_others'").kind != "module-shadowed"
