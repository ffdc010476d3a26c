"""Runs of the demo that several tests read: each is made once."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.demo.make_expected import EXPECTED
from tests.demo.trees import EVERY_FIX, Run, mended, run_suite

TRAPS = "10"  # the fix that lets a run go on after its first failure


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(EXPECTED.read_text())
    return facts


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def healthy(folder: Path) -> Run:
    """The collection with every defect mended."""
    return run_suite(mended(folder / "healthy", *EVERY_FIX), "--collect-only", PYTHONHASHSEED="1")


@pytest.fixture(scope="session")
def broken(folder: Path) -> Run:
    """The collection with every defect but the fail-fast traps in place."""
    return run_suite(mended(folder / "broken", TRAPS), "--collect-only", PYTHONHASHSEED="2")
