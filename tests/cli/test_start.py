"""What a command that must answer at once imports."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: each takes longer to import than reading the source of an app does
HEAVY = ("jinja2", "kit.suite", "matplotlib", "nbformat", "pandas", "rich", "sqlalchemy")


@pytest.mark.parametrize("command", ["scan", "importers"])
def test_what_only_reads_source_imports_nothing_that_runs_tests_or_draws(command: str) -> None:
    asks = f"import sys; import kit.cli.{command}, kit.inventory, kit.target; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()).isdisjoint(HEAVY)
