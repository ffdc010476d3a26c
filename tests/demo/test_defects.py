"""Every smaller defect shows as it should, and goes with its patch."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from kit.demo import copy_demo
from tests.demo.conftest import TRAPS
from tests.demo.trees import EVERY_FIX, FIXES, Run, mended, run_suite

pytestmark = pytest.mark.slow

SHOWN = {  # what every one of a defect's tests says
    "naive-datetimes": "TypeError: can't compare offset-naive and offset-aware datetimes",
    "unregistered-route": "404",
    "feature-switch": "FeatureDisabled: feature 'signal_blending' is switched off",
    "moved-messages": "used up, next reset",
    "optional-package": "ModuleNotFoundError: No module named 'eth_account'",
}
FATAL = ("hanging-scheduler", "interpreter-exit")
LAYERS = {"01", "02", "13"}


@pytest.fixture(scope="module")
def before(folder: Path, expected: dict[str, Any]) -> Run:
    """All tests that show a defect and leave the interpreter alive, in the broken tree."""
    wanted = [nodeid for name in SHOWN for nodeid in expected["defects"][name]["tests"]]
    return run_suite(mended(folder / "before", TRAPS), *wanted)


@pytest.fixture(scope="module")
def after(folder: Path, expected: dict[str, Any]) -> Run:
    """All tests that show a defect, with the layers of the database still in place."""
    wanted = [nodeid for defect in expected["defects"].values() for nodeid in defect["tests"]]
    return run_suite(mended(folder / "after", *(number for number in EVERY_FIX if number not in LAYERS)), *wanted)


@pytest.mark.parametrize("defect", SHOWN)
def test_defect_shows(before: Run, expected: dict[str, Any], defect: str) -> None:
    tests = expected["defects"][defect]["tests"]
    assert 4 <= len(tests) <= 12
    for nodeid in tests:
        report = before.reports[nodeid]
        assert (report.when, report.outcome) == ("call", "failed")
        assert SHOWN[defect] in report.message


@pytest.mark.parametrize("defect", [*SHOWN, *FATAL])
def test_defect_goes_with_its_patch(after: Run, expected: dict[str, Any], defect: str) -> None:
    outcomes = {after.reports[nodeid].outcome for nodeid in expected["defects"][defect]["tests"]}
    assert outcomes <= ({"passed", "skipped"} if defect == "optional-package" else {"passed"})


def test_watchdog_ends_the_interpreter(folder: Path, expected: dict[str, Any]) -> None:
    (nodeid,) = expected["defects"]["interpreter-exit"]["tests"]
    run = run_suite(mended(folder / "exits"), nodeid)
    assert (run.status, run.started, run.reports) == (3, [nodeid], {})


def test_drain_hangs_for_ever(folder: Path, expected: dict[str, Any]) -> None:
    (nodeid,) = expected["defects"]["hanging-scheduler"]["tests"]
    run = run_suite(mended(folder / "hangs"), nodeid, timeout_s=6)
    assert (run.status, run.started, run.reports) == (None, [nodeid], {})


@pytest.mark.parametrize("arguments", [(), ("--maxfail=0",), ("-o", "addopts=")], ids=["plain", "maxfail", "addopts"])
def test_run_ends_at_its_first_failure_whatever_is_asked_for(folder: Path, arguments: tuple[str, ...]) -> None:
    tree = folder / "fail-fast"
    if not tree.exists():
        copy_demo(tree)
    run = run_suite(tree, "backend/tests/test_lockout.py", *arguments)
    assert [report.outcome for report in run.reports.values()].count("failed") == 1
    assert len(run.reports) < 27


@pytest.mark.parametrize("number", EVERY_FIX)
def test_each_patch_applies_on_its_own(tmp_path: Path, number: str) -> None:
    tree = copy_demo(tmp_path / "alone")
    applied = subprocess.run(
        ["git", "apply", "--check", str(FIXES[number])], cwd=tree, capture_output=True, check=False
    )
    assert applied.returncode == 0, applied.stderr


def test_export_route_is_accepted_with_its_patch(folder: Path, expected: dict[str, Any]) -> None:
    run = run_suite(mended(folder / "annotation", TRAPS, "03"), "--collect-only", *expected["uncollectable"])
    assert (run.status, len(run.collected)) == (0, sum(expected["uncollectable"].values()))
