"""What ``kit upgrade-check --run`` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.cli.formats.upgrade_trials import as_json, as_text
from kit.facts.fixes import Comparison
from kit.facts.upgrade_trials import BreaksBy, UpgradeTrial
from kit.facts.upgrades import Move
from tests.helpers import run_kit, write_project

BROKE = UpgradeTrial(
    "flask",
    "2.2.5",
    "3.1.3",
    (Move("werkzeug", "2.2.3", "3.1.9", ""), Move("blinker", "", "1.9.0", "")),
    Comparison(9, 8, kept=1, broken=tuple(f"t.py::test_{at}" for at in range(7)), gone=("u.py::test_b",)),
    (BreaksBy("flask 2.3.0: there is no hook", 7, 0, "flask-hook"), BreaksBy("werkzeug is other", 0, 1)),
)
FINE = UpgradeTrial("click", "8.1", "8.5", (), Comparison(9, 9, kept=9), flaky=("t.py::test_1",))


def test_an_upgrade_is_told_with_what_moved_what_broke_and_by_what() -> None:
    lines = list(as_text([BROKE, FINE]))

    assert lines[0] == "flask 2.2.5 to 3.1.3 (with werkzeug 2.2.3 to 3.1.9, blinker new: 1.9.0)"
    assert "9 tests before = 7 broken + 1 gone + 1 kept + 0 unlocked" in lines[1]
    assert "    7 tests: flask 2.3.0: there is no hook  [flask-hook]" in lines
    assert "    1 file: werkzeug is other" in lines
    assert [line for line in lines if "broken: " in line][-1] == "    broken: 2 more"
    assert "    flaky: t.py::test_1" in lines
    assert lines[-2:] == ["Hold back flask: 3.1.3 breaks 8 tests.", "click 8.5 breaks no test."]


def test_a_suite_that_does_not_start_with_it_is_a_reason_to_hold_back() -> None:
    lines = list(as_text([UpgradeTrial("pytest", "8.4", "9.0", problem="unrecognized arguments")]))

    assert lines == [
        "pytest 8.4 to 9.0",
        "    the suite does not start: unrecognized arguments",
        "Hold back pytest: 9.0 breaks the suite.",
    ]


def test_what_was_not_tried_is_neither_free_nor_held_back() -> None:
    lines = list(as_text([UpgradeTrial("a", "1", "", problem="no network"), UpgradeTrial("b", "2", "2")]))

    assert lines == ["a 1: not tried: no network", "b 2: pip finds no newer release"]


def test_machines_are_told_whether_it_breaks() -> None:
    rows = as_json([BROKE, FINE])

    assert [(row["name"], row["breaks"]) for row in rows] == [("flask", True), ("click", False)]
    assert rows[0]["reasons"][0]["breakage"] == "flask-hook"


@pytest.mark.slow
def test_a_run_needs_the_upgrades_that_it_is_about(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"tests/test_a.py": ""})

    done = run_kit("upgrade-check", str(root), "--run", cwd=tmp_path)

    assert (done.returncode, "add --to NAME or --to NAME==VERSION" in done.stderr) == (2, True)
