"""A project beside a folder of libraries, and a warm suite of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest

from kit.suite import RunOptions
from kit.suite.warm import WarmSuite
from tests.helpers import write_project
from tests.suite.projects import target_of

Warm = Callable[..., WarmSuite]

INI = {"pytest.ini": "[pytest]\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the project is written."""
    return tmp_path / "project"


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the import path of the target, outside of its tree."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.fixture
def warm(root: Path) -> Iterator[Warm]:
    """Write a project and open its warm suite: ``warm({"test_a.py": "…"}, importers=…, timeout_s=2.0)``. At the end no
    process of it may be left.
    """
    before = set(psutil.Process().children(recursive=True))
    with ExitStack() as closing:

        def open_suite(files: Mapping[str, str], importers: Any = None, **options: Any) -> WarmSuite:
            write_project(root, {**INI, **files})
            suite = WarmSuite(target_of(root), RunOptions(**{"timeout_s": 20.0, **options}), importers=importers)
            return closing.enter_context(suite)

        yield open_suite
    assert [one.cmdline() for one in psutil.Process().children(recursive=True) if one not in before] == []
