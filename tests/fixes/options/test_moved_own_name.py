"""A name of the target is imported from the module that defines it, where only one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.fixes.options.moved_own_name import KIND
from tests.fixes.apps import options_of, patched

APP: dict[str, str | bytes] = {
    "shop/__init__.py": "",
    "shop/states.py": "class State: ...\n\n\ndef shown(): ...\n",
    "shop/prices.py": "from shop.constants import State\n\nNONE = 0\n",
    "tests/test_shop.py": "from shop.constants import State, shown  # both\n",
}


def offered(root: Path, files: dict[str, str | bytes]) -> list[dict[str, str]]:
    """The files that the option changes, for the causes that the source shows."""
    found = options_of(root, {**APP, **files}).get(KIND)
    return [patched(root, found)] if found else []


def test_a_name_that_two_modules_define_has_no_option(tmp_path: Path) -> None:
    assert offered(tmp_path, {"shop/others.py": "class State: ...\n"}) == []


@pytest.mark.parametrize(
    "statement",
    [
        "from shop.constants import State, Unknown\n",
        "from shop.constants import *\n",
        "import shop.constants\n",
        "from shop.states import Unknown\n",
        "from shop.states import State\n",
    ],
)
def test_a_name_that_no_module_defines_or_that_is_where_it_should_be_has_no_option(
    tmp_path: Path, statement: str
) -> None:
    assert offered(tmp_path, {"tests/test_shop.py": statement}) == []


def test_what_only_tests_define_is_none_of_the_app(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"shop/states.py": "", "tests/conftest.py": "class State: ...\ndef shown(): ...\n"}

    assert offered(tmp_path, files) == []


def test_every_import_of_a_module_that_is_gone_is_moved(tmp_path: Path) -> None:
    assert offered(tmp_path, {}) == [
        {
            "shop/prices.py": "from shop.states import State\n\nNONE = 0\n",
            "tests/test_shop.py": "from shop.states import State, shown  # both\n",
        }
    ]


def test_what_the_old_module_still_has_stays_there(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "shop/prices.py": "def price(): ...\n",
        "tests/test_shop.py": "from shop.prices import price, State\n",
    }

    assert offered(tmp_path, files) == [
        {"tests/test_shop.py": "from shop.prices import price\nfrom shop.states import State\n"}
    ]


@pytest.mark.parametrize(
    ("path", "statement", "moved"),
    [
        ("shop/prices.py", "from .constants import State\n", "from .states import State\n"),
        ("shop/web/views.py", "from ..constants import State, shown\n", "from ..states import State, shown\n"),
        ("shop/__init__.py", "from .constants import shown  # kept\n", "from .states import shown  # kept\n"),
        ("shop/web/views.py", "from .constants import State\n", "from shop.states import State\n"),
        ("shop/prices.py", "from ...constants import State\n", None),  # leads out of the package
        ("shop/prices.py", "from .constants import Unknown\n", None),
        ("shop/prices.py", "from . import constants\n", None),
    ],
)
def test_an_import_with_dots_keeps_them(tmp_path: Path, path: str, statement: str, moved: str | None) -> None:
    files: dict[str, str | bytes] = {
        "shop/prices.py": "NONE = 0\n",
        "shop/web/__init__.py": "",
        "tests/test_shop.py": f"import {path.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}\n",
        path: statement,
    }

    (changed,) = offered(tmp_path, files) or [{}]

    assert changed.get(path) == moved


def test_a_module_of_another_package_is_named_in_full(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "shop/prices.py": "from .constants import State\n",
        "shop/states.py": "",
        "base/__init__.py": "",
        "base/states.py": "class State: ...\n\n\ndef shown(): ...\n",
    }

    (changed,) = offered(tmp_path, files)

    assert changed["shop/prices.py"] == "from base.states import State\n"
