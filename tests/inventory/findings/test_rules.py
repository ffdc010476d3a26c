"""One rule is one file, with a test file of its name and the page of documentation that justifies it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kit.inventory.findings import rules

NAMES = [rule.__module__ for rule in rules()]


@pytest.mark.parametrize("name", NAMES, ids=[name.rpartition(".")[2] for name in NAMES])
def test_a_rule_has_a_test_file_of_its_name_and_an_address_in_its_docstring(name: str) -> None:
    assert (Path(__file__).parent / f"test_{name.rpartition('.')[2]}.py").is_file()
    assert "\nhttps://" in (sys.modules[name].__doc__ or "") or " https://" in (sys.modules[name].__doc__ or "")
