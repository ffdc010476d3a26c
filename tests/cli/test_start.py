"""What a command that must answer at once imports."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import click
import pytest

from kit.cli.main import COMMANDS, module_of
from tests.helpers import write_project

pytestmark = pytest.mark.slow

#: each takes longer to import than reading the source of an app does
HEAVY = ("jinja2", "kit.suite", "matplotlib", "nbformat", "pandas", "rich", "sqlalchemy")


@pytest.mark.parametrize("command", ["scan", "importers"])
def test_what_only_reads_source_imports_nothing_that_runs_tests_or_draws(command: str) -> None:
    asks = f"import sys; import kit.cli.{command}, kit.inventory, kit.target; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()).isdisjoint(HEAVY)


def imported_by(*arguments: str) -> set[str]:
    """The modules that kit has imported when a command is over."""
    runs = f"""
        import sys
        sys.argv[1:] = {list(arguments)!r}
        from kit.cli.main import main
        try:
            main()
        finally:
            print("imported", *sys.modules, file=sys.stderr)
    """
    run = subprocess.run([sys.executable, "-c", dedent(runs)], capture_output=True, text=True, check=False)
    return set(run.stderr.rpartition("imported ")[2].split())


def test_the_list_of_commands_imports_no_command() -> None:
    imported = imported_by("--help")

    assert "kit.cli.main" in imported
    assert imported.isdisjoint(f"kit.cli.{name}" for name in COMMANDS)
    assert imported.isdisjoint({"kit.case", "kit.target", "msgspec", "psutil"})


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_listed_command_has_a_module_of_its_name(name: str) -> None:
    assert isinstance(import_module(module_of(name)).command, click.Command)


def test_a_scan_imports_nothing_that_is_about_tests_failures_or_reports(tmp_path: Path) -> None:
    project = write_project(tmp_path / "p", {"shop.py": "import os\n"})

    imported = imported_by("scan", str(project))

    assert "kit.inventory.inventory" in imported
    assert imported.isdisjoint({"kit.facts.case", "kit.facts.failures", "kit.facts.fixes", "kit.facts.suite", "psutil"})


#: what compares texts, what other formats are written with, what only a report or a notebook needs
NOT_FOR_A_RUN = {name for name in HEAVY if name not in ("kit.suite", "sqlalchemy")} | {"rapidfuzz", "xml"}
FOR_FAILURES = {
    "kit.inventory.source.reading",
    "kit.causes",
    "kit.facts.causes",
    "kit.facts.declarations",
    "kit.facts.fixes",
    "kit.facts.inventory",
    "kit.failures",
}


def imported_by_a_run(folder: Path, source: str) -> set[str]:
    """The modules that kit has imported when a run of this one file of tests is over."""
    project = write_project(folder / "p", {"test_a.py": source})
    return imported_by("run", str(project), "--reports-dir", str(folder / "reports"), "--format", "json")


def test_a_run_in_which_nothing_fails_imports_nothing_that_explains_failures(tmp_path: Path) -> None:
    imported = imported_by_a_run(tmp_path, "def test_a():\n    pass\n")

    assert "kit.suite" in imported
    assert imported & (NOT_FOR_A_RUN | FOR_FAILURES) == set()


def test_a_run_that_fails_imports_what_explains_it_and_nothing_that_only_a_report_needs(tmp_path: Path) -> None:
    imported = imported_by_a_run(tmp_path, "import no_such_package\n")

    assert imported > FOR_FAILURES
    assert imported & NOT_FOR_A_RUN == set()
