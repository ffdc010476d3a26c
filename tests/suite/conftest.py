"""Small projects to run: most tests of this room let real pytest run them in real processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import run_suite
from tests.helpers import write_project
from tests.suite.projects import target_of

Run = Callable[..., SuiteFacts]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Write a project and run its tests: ``run({"test_a.py": "…"}, addopts=("-x",), timeout_s=2.0, …)``."""

    def run_project(files: Mapping[str, str], addopts: tuple[str, ...] = (), **options: Any) -> SuiteFacts:
        root = write_project(
            tmp_path / "project", {"pytest.ini": f"[pytest]\naddopts = {' '.join(addopts)}\n", **files}
        )
        return run_suite(
            target_of(root, addopts), **{"events": tmp_path / "events.jsonl", "timeout_s": 20.0, **options}
        )

    return run_project
