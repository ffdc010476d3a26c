"""What a command that must answer at once imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.helpers import write_project

pytestmark = pytest.mark.slow

#: each takes longer to import than reading the source of an app does
HEAVY = ("jinja2", "kit.suite", "matplotlib", "nbformat", "pandas", "rich", "sqlalchemy")


@pytest.mark.parametrize("command", ["scan", "importers"])
def test_what_only_reads_source_imports_nothing_that_runs_tests_or_draws(command: str) -> None:
    asks = f"import sys; import kit.cli.{command}, kit.inventory, kit.target; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()).isdisjoint(HEAVY)


#: what reads source, what compares texts, what other formats are written with, what only a report or a notebook needs
NOT_FOR_A_RUN = {name for name in HEAVY if name not in ("kit.suite", "sqlalchemy")} | {
    "kit.inventory.inventory",
    "kit.inventory.source.reading",
    "rapidfuzz",
    "xml",
}
FOR_FAILURES = {"kit.causes", "kit.facts.causes", "kit.facts.declarations", "kit.facts.inventory", "kit.failures"}


def imported_by_a_run(folder: Path, source: str) -> set[str]:
    """The modules that kit has imported when a run of this one file of tests is over."""
    project = write_project(folder / "p", {"test_a.py": source})
    arguments = ["run", str(project), "--reports-dir", str(folder / "reports"), "--format", "json"]
    runs = f"""
        import sys
        sys.argv[1:] = {arguments!r}
        from kit.cli.main import main
        try:
            main()
        finally:
            print(*sys.modules, file=sys.stderr)
    """
    run = subprocess.run([sys.executable, "-c", dedent(runs)], capture_output=True, text=True, check=False)
    assert '"accounting"' in run.stdout, run.stderr
    return set(run.stderr.split())


def test_a_run_in_which_nothing_fails_imports_nothing_that_explains_failures(tmp_path: Path) -> None:
    imported = imported_by_a_run(tmp_path, "def test_a():\n    pass\n")

    assert "kit.suite" in imported
    assert imported & (NOT_FOR_A_RUN | FOR_FAILURES) == set()


def test_a_run_that_fails_imports_what_explains_it_and_nothing_that_reads_source(tmp_path: Path) -> None:
    imported = imported_by_a_run(tmp_path, "import no_such_package\n")

    assert imported > {"kit.causes", "kit.failures"}
    assert imported & NOT_FOR_A_RUN == set()
