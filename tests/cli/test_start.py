"""What a command that must answer at once imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.helpers import write_project

#: each takes longer to import than reading the source of an app does
HEAVY = ("jinja2", "kit.suite", "matplotlib", "nbformat", "pandas", "rich", "sqlalchemy")


@pytest.mark.parametrize("command", ["scan", "importers"])
def test_what_only_reads_source_imports_nothing_that_runs_tests_or_draws(command: str) -> None:
    asks = f"import sys; import kit.cli.{command}, kit.inventory, kit.target; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()).isdisjoint(HEAVY)


#: what explains failures, what other formats are written with, and what only a report or a notebook needs
NOT_FOR_A_RUN = (
    *(name for name in HEAVY if name not in ("kit.suite", "sqlalchemy")),
    *("kit.causes", "kit.facts.causes", "kit.facts.inventory", "kit.failures", "kit.inventory", "rapidfuzz", "xml"),
)


def test_a_run_in_which_nothing_fails_imports_nothing_that_explains_failures(tmp_path: Path) -> None:
    project = write_project(tmp_path / "p", {"test_a.py": "def test_a():\n    pass\n"})
    arguments = ["run", str(project), "--reports-dir", str(tmp_path / "reports"), "--format", "json"]
    runs = f"""
        import sys
        sys.argv[1:] = {arguments!r}
        from kit.cli.main import main
        try:
            main()
        finally:
            print(*sys.modules, file=sys.stderr)
    """
    run = subprocess.run([sys.executable, "-c", dedent(runs)], capture_output=True, text=True, check=True)
    assert '"passed": 1' in run.stdout
    assert set(run.stderr.split()).isdisjoint(NOT_FOR_A_RUN)
