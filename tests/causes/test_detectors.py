"""One detector is one file, with one test file of its name and one address of documentation."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from kit.causes.detector import Detector

package = import_module("kit.causes.detectors")
NAMES = sorted(info.name for info in pkgutil.iter_modules(package.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_each_detector_has_a_test_file_and_says_where_its_defect_is_documented(name: str) -> None:
    module = import_module(f"{package.__name__}.{name}")
    if isinstance(getattr(module, "DETECTOR", None), Detector):
        assert re.search(r"^https://\S+$", module.__doc__ or "", re.MULTILINE)
        assert Path(__file__).parent.joinpath("detectors", f"test_{name}.py").is_file()


def test_a_helper_file_beside_the_detectors_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = package.detectors()
    tmp_path.joinpath("helping.py").write_text("NUMBER = 1\n")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    package.detectors.cache_clear()
    assert package.detectors() == known
