"""The options of a run, as they are typed: each does what it says, and refuses what it cannot use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

SHOP = {
    "pytest.ini": "[pytest]\n",
    "test_a.py": "import os\n\n\ndef test_one():\n    pass\n\n\ndef test_two():\n    assert os.environ.get('SHOP')\n",
    "test_b.py": "def test_three():\n    pass\n",
}
SLEEPERS = {
    "pytest.ini": "[pytest]\n",
    "test_a.py": """
        import time

        def test_hangs():
            time.sleep(60)

        def test_sleeps():
            time.sleep(1.5)
    """,
}


def ran(tmp_path: Path, files: dict[str, str], *options: str) -> tuple[dict[str, Any], str]:
    """What the run says as JSON, and on stderr."""
    write_project(tmp_path / "shop", files)
    run = run_kit("run", "shop", "--case", "c", "--format", "json", *options, cwd=tmp_path)
    assert run.returncode in (0, 1, 3), run.stderr
    return json.loads(run.stdout), run.stderr


FORK = pytest.param("fork", marks=pytest.mark.posix("the isolation by forks"))


@pytest.mark.parametrize("isolation", [FORK, "process", "file", "test"])
def test_every_isolation_has_the_same_outcomes_and_is_named(tmp_path: Path, isolation: str) -> None:
    said, stderr = ran(tmp_path, SHOP, "--isolation", isolation, "--recheck-s", "0")

    assert said["run"]["isolation"].startswith(f"{isolation}: ")
    assert f"kit: {said['run']['isolation']}\n" in stderr
    assert {test["nodeid"]: test["outcome"] for test in said["tests"]} == {
        "test_a.py::test_one": "passed",
        "test_a.py::test_two": "failed",
        "test_b.py::test_three": "passed",
    }


def test_one_test_has_a_limit_of_its_own_and_what_is_slow_is_said(tmp_path: Path) -> None:
    said, stderr = ran(
        tmp_path, SLEEPERS, "--timeout", "*::test_hangs=3", "--slow-s", "0.5", "--timeout-s", "50", "--recheck-s", "0"
    )

    assert {test["nodeid"]: test["outcome"] for test in said["tests"]} == {
        "test_a.py::test_hangs": "timed_out",
        "test_a.py::test_sleeps": "passed",
    }
    assert "slow: test_a.py::test_hangs" in stderr
    assert "timed out after 3 s in call" in stderr


def test_a_limit_for_all_tests_together_leaves_the_rest_for_the_next_command(tmp_path: Path) -> None:
    said, stderr = ran(tmp_path, SLEEPERS, "--run-timeout-s", "5", "--workers", "1")
    accounting = said["accounting"]

    assert accounting["collected"] == 2 == accounting["not_run"] + accounting["timed_out"] + accounting["crashed"]
    assert stderr.splitlines()[-1] == "kit: next: kit run --resume c"


def test_a_process_has_as_much_memory_as_was_said(tmp_path: Path) -> None:
    eater = "def test_eats():\n    held = []\n    while True:\n        held.append(bytearray(b'x' * 1_000_000))\n"
    said, stderr = ran(tmp_path, {**SHOP, "test_m.py": eater}, "--memory-mb", "200", "--recheck-s", "0")

    outcomes = {test["nodeid"]: test["outcome"] for test in said["tests"]}
    assert (outcomes["test_m.py::test_eats"], outcomes["test_b.py::test_three"]) == ("crashed", "passed")
    assert "memory limit 200 MiB" in stderr


def test_a_failure_is_run_once_more_alone_unless_there_is_no_time_for_that(tmp_path: Path) -> None:
    said, _ = ran(tmp_path, SHOP)
    without = json.loads(
        run_kit("run", "shop", "--case", "d", "--recheck-s", "0", "--format", "json", cwd=tmp_path).stdout
    )

    assert [test["alone"] for test in said["tests"] if test["outcome"] == "failed"] == ["fails"]
    assert [test["alone"] for test in without["tests"]] == [None] * 3


def test_what_failed_is_run_again_with_the_options_of_its_case_but_for_those_that_are_given(tmp_path: Path) -> None:
    ran(tmp_path, SHOP, "--isolation", "file", "--workers", "2", "--recheck-s", "0")
    same = run_kit("run", "--failed", "c", "--format", "json", cwd=tmp_path)
    other = run_kit("run", "--failed", "c", "--isolation", "process", "--format", "json", "--case", "e", cwd=tmp_path)

    assert json.loads(same.stdout)["run"]["isolation"].startswith("file: ")
    assert json.loads(other.stdout)["run"]["isolation"].startswith("process: ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--isolation", "container"], "container"),
        (["--timeout", "tests/slow"], "PATTERN=SECONDS"),
        (["--timeout", "*=soon"], "PATTERN=SECONDS"),
        (["--timeout", "*=0"], "cannot have 0 seconds"),
        (["--timeout", "=5"], "--timeout lacks a pattern"),
        (["--timeout-s", "nan"], "cannot have nan seconds"),
        (["--timeout-s", "-1"], "cannot have -1 seconds"),
        (["--slow-s", "0"], "slow_s cannot be 0"),
        (["--run-timeout-s", "-5"], "run_timeout_s cannot be -5"),
        (["--memory-mb", "lots"], "lots"),
        (["--memory-mb", "0"], "memory_mb cannot be 0"),
        (["--workers", "-2"], "-2 workers"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_a_sentence(tmp_path: Path, options: list[str], words: str) -> None:
    run = run_kit("run", *options, cwd=tmp_path)

    assert run.returncode == 2, run.stderr
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_lines_of_the_tests_are_measured_where_that_is_asked(tmp_path: Path) -> None:
    price = "def price(kind):\n    if kind == 'gold':\n        return 3\n    return 1\n"
    test = "from shop import price\n\n\ndef test_gold():\n    assert price('gold') == 3\n"
    said, _ = ran(tmp_path, {"pytest.ini": "[pytest]\n", "shop.py": price, "test_a.py": test}, "--coverage")

    assert (said["run"]["coverage"]["statements"], said["run"]["coverage"]["covered"]) == (7, 6)
    assert {one["path"]: one["covered"] for one in said["run"]["coverage"]["modules"]} == {"shop.py": 3, "test_a.py": 3}
    text = run_kit("run", "shop", "--case", "d", "--coverage", cwd=tmp_path)
    assert "coverage: 85.7 % (6 of 7 lines)" in text.stdout + text.stderr
