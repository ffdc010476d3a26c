"""One fix option is one file, with one test file of its name and one address of documentation."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from kit.causes.detectors import static_finding
from kit.facts.kinds import CauseKind

package = import_module("kit.fixes.options")
#: a finding that is a cause of its own gives it its kind, and so do the findings of the source that tests have shown
CAUSES = {*get_args(CauseKind), *static_finding.KINDS} - {static_finding.DETECTOR.kind}


@pytest.mark.parametrize("name", sorted(info.name for info in pkgutil.iter_modules(package.__path__)))
def test_an_option_has_a_test_file_of_its_name_and_an_address_in_its_docstring(name: str) -> None:
    module = import_module(f"{package.__name__}.{name}")
    if hasattr(module, "CAUSES"):
        assert re.search(r"^https://\S+$", module.__doc__ or "", re.MULTILINE)
        assert (Path(__file__).parent / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", sorted(info.name for info in pkgutil.iter_modules(package.__path__)))
def test_an_option_is_for_causes_that_exist(name: str) -> None:
    assert getattr(import_module(f"{package.__name__}.{name}"), "CAUSES", frozenset()) <= CAUSES
