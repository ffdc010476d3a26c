"""``kit doctor``, ``kit params`` and ``kit cases`` say what is there, what is wrong, and what to do."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kit.cli.colours import painted, with_colours
from kit.cli.guarded import GuardedStream
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS
from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_set_up_that_works_has_no_problem_and_says_which_protection_holds(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_it.py": "def test_ok(): pass\n"})

    run = run_kit("doctor", "app", "--format", "json", cwd=tmp_path)

    assert run.returncode == 0, run.stderr
    checks = {one["what"]: one for one in json.loads(run.stdout)["checks"]}
    assert checks["interpreter"]["repair"] == "Name the app's with --python EXE."
    assert checks["pytest"]["state"] == "fine"
    assert "tests" in checks["protection"]["found"].lower()


def test_a_problem_is_named_with_its_repair(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    run = run_kit("doctor", "empty", cwd=tmp_path)

    assert run.returncode == 1
    assert "problem  app " in run.stdout
    assert "kit doctor path/to/app" in run.stdout


def test_inside_the_app_the_folder_is_the_one_that_the_first_case_goes_to(tmp_path: Path) -> None:
    app = write_project(tmp_path / "app", {"test_it.py": "def test_ok(): pass\n"})

    run = run_kit("doctor", cwd=app)

    assert f"no case yet in {tmp_path}/app-reports" in run.stdout


def test_a_damaged_store_is_one_check_among_the_others(tmp_path: Path) -> None:
    write_project(tmp_path, {"app/test_it.py": "def test_ok(): pass\n", "reports/kit.sqlite": "no database" * 1000})

    run = run_kit("doctor", "app", "--format", "json", cwd=tmp_path)

    assert run.returncode == 1, run.stderr
    checks = {one["what"]: one for one in json.loads(run.stdout)["checks"]}
    assert (checks["store"]["state"], checks["store"]["repair"]) == ("problem", "Run: kit store rebuild")
    assert {"app", "pytest", "git"} <= checks.keys()


@pytest.mark.parametrize("command", [("cases",), ("show", "one"), ("watch",), ("compare", "one", "two")])
def test_where_no_case_is_the_folders_that_were_looked_at_are_named(command: tuple[str, ...], tmp_path: Path) -> None:
    done = run_kit(*command, cwd=tmp_path)

    told = done.stdout + done.stderr
    assert f"in {tmp_path}/reports" in told
    assert "NAME-reports" in told
    assert "--reports-dir" in told


def test_params_lists_every_parameter_with_its_meaning(tmp_path: Path) -> None:
    listed = run_kit("params", "3_test_batches", cwd=tmp_path)

    assert listed.returncode == 0
    for parameter in (*CASE_PARAMETERS, *RUN_PARAMETERS):
        assert f"  {parameter.name} " in listed.stdout
        assert (parameter.in_notebook or parameter.help) in listed.stdout
    assert "did you mean 3_test_batches?" in run_kit("params", "3_test_batch", cwd=tmp_path).stderr


def test_cases_are_listed_with_counts_causes_and_age(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_it.py": "def test_ok(): pass\ndef test_bad(): assert 1 == 2\n"})
    run_kit("run", "app", "--case", "monday", cwd=tmp_path)

    listed = run_kit("cases", cwd=tmp_path)
    row = json.loads(run_kit("cases", "--format", "json", cwd=tmp_path).stdout)["cases"][0]

    assert "1 of 2 failing" in listed.stdout
    assert "AssertionError" in listed.stdout
    assert " ago" in listed.stdout
    assert (row["outcomes"], row["causes"]) == ({"failed": 1, "passed": 1}, 1)


def test_colours_are_for_a_terminal_and_nothing_of_the_target_can_send_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal, file = Terminal(), io.StringIO()

    for stream in (terminal, file):
        GuardedStream(stream).write(painted("bad", "red") + " \x1b[2J")

    assert terminal.getvalue() == "\x1b[31mbad\x1b[0m ␛[2J"
    assert file.getvalue() == "bad ␛[2J"
    monkeypatch.setenv("NO_COLOR", "1")
    assert with_colours(painted("bad", "red"), Terminal()) == "bad"
