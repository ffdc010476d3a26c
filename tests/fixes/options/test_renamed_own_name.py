"""A name that a module of the target has under another one is imported by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.fixes.options.renamed_own_name import KIND
from tests.fixes.apps import options_of, patched

APP: dict[str, str | bytes] = {
    "shop/__init__.py": "",
    "shop/prices.py": "def price_of(one): ...\n\n\ndef discount(): ...\n",
    "tests/test_shop.py": "from shop.prices import price, discount  # both\n",
}


def offered(root: Path, files: dict[str, str | bytes]) -> list[dict[str, str]]:
    """The files that the option changes, for the causes that the source shows."""
    found = options_of(root, {**APP, **files}).get(KIND)
    return [patched(root, found)] if found else []


@pytest.mark.parametrize(
    "files",
    [
        {"shop/prices.py": "def total(): ...\n"},  # nothing is called like it
        {"shop/prices.py": "from shop.old import price_of\n", "shop/old.py": "def price_of(): ...\n"},
        {"shop/till.py": "from shop.prices import price_of\n"},  # this one was there before
        {"tests/test_shop.py": "from shop.prices import price, unknown\n"},
        {"tests/test_shop.py": "from shop.nowhere import price\n"},
        {"tests/test_shop.py": "from shop.prices import *\n"},
        {"tests/test_shop.py": "from shop.prices import discount\n"},
    ],
)
def test_there_is_no_option_where_the_new_name_is_not_certain(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert offered(tmp_path, files) == []


def test_of_a_name_that_another_module_has_too_both_ways_are_offered_and_a_trial_decides(tmp_path: Path) -> None:
    found = options_of(tmp_path, {**APP, "shop/old.py": "def price(): ...\n"})

    assert {option.title for option in found.values() if option.can_be_tried} == {
        "Import price_of as price from shop.prices (tests/test_shop.py:1)",
        "Import price from shop.old (tests/test_shop.py:1)",
    }


def test_every_import_of_the_name_takes_the_new_one(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "shop/till.py": "from .prices import price\n\nNONE = price(0)\n",
        "shop/web.py": "from shop.prices import price as cost\n",
    }

    assert offered(tmp_path, files) == [
        {
            "shop/till.py": "from .prices import price_of as price\n\nNONE = price(0)\n",
            "shop/web.py": "from shop.prices import price_of as cost\n",
            "tests/test_shop.py": "from shop.prices import price_of as price, discount  # both\n",
        }
    ]
