"""What plain pytest has rewritten in the tree is used in kit's copy, and looks as if it had been rewritten there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers import write_project
from tests.suite.projects import Run

FILES = {
    "app.py": "def divide(n): return 1 / n\n",
    "test_a.py": """
        import app
        def test_place(): assert test_place.__code__.co_filename == __file__
        def test_inner():
            def inner(): pass
            assert inner.__code__.co_filename == __file__
        def test_fails(): app.divide(0)
        """,
}


def test_a_suite_that_ran_before_runs_the_same(run: Run, tmp_path: Path) -> None:
    fresh = run(FILES)
    root = tmp_path / "project"
    write_project(root, FILES)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    subprocess.run(command, cwd=root, env=environment, check=False, stdout=subprocess.DEVNULL)
    assert list((root / "__pycache__").glob("test_a*-pytest-*.pyc"))
    again = run({})
    assert again.tests == fresh.tests
    assert again.failures == fresh.failures
    assert [(one.nodeid, one.outcome, one.line) for one in again.results] == [
        (one.nodeid, one.outcome, one.line) for one in fresh.results
    ]
