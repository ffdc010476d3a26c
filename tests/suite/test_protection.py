"""The real tree while a suite runs: the tests work on a copy in its place, and a change of the real one is reported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kit.suite import run_suite
from kit.suite.record.touching import attributed
from kit.target import Difference, find_target
from tests.helpers import fingerprint, write_project

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")]

SUITE = """
    import os, pathlib, time

    def test_before(): pass

    def test_writes():
        pathlib.Path({root!r}, "data.txt").write_text("written")
        time.sleep(0.3)

    def test_after(): time.sleep(0.3)

    def test_traceback(): assert pathlib.Path(__file__) == pathlib.Path({root!r}, "test_it.py"), __file__

    def test_fork_is_reaped():
        pid = os.fork()
        if pid == 0:
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

    def test_crashes(): os.abort()

    def test_kills_itself(): os.kill(os.getpid(), 15)

    def test_fails(): assert 1 == 2
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    return write_project(folder, {"data.txt": "data", "test_it.py": SUITE.format(root=str(folder))})


def outcomes(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, best: str):
    monkeypatch.setenv("KIT_SANDBOX", best)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    facts = run_suite(find_target(root, python=sys.executable), events=tmp_path / "events.jsonl")
    if best not in str(facts.protection) and "Not available" in str(facts.protection):
        pytest.skip(str(facts.protection))
    return facts, {result.nodeid.partition("::test_")[2]: result.outcome for result in facts.results}


@pytest.mark.parametrize("best", ["bind+pids", "bind"])
def test_in_the_sandbox_paths_are_the_real_ones_and_the_real_tree_is_left_alone(best, root, tmp_path, monkeypatch):
    before = fingerprint(root)
    facts, found = outcomes(root, tmp_path, monkeypatch, best)
    assert found == {
        "before": "passed",
        "writes": "passed",
        "after": "passed",
        "traceback": "passed",
        "fork_is_reaped": "passed",
        "crashes": "crashed",
        "kills_itself": "crashed",
        "fails": "failed",
    }
    assert "SIGABRT" in str(facts.results[5].reason)
    frame = next(iter(facts.failures[str(facts.results[7].failure)].raised.frames[-1:]))
    assert (frame.path, frame.source) == ("test_it.py", "def test_fails(): assert 1 == 2")
    assert fingerprint(root) == before
    assert facts.touched == ()


def test_without_a_sandbox_what_a_test_changes_is_reported_by_path_and_by_test(root, tmp_path, monkeypatch):
    facts, found = outcomes(root, tmp_path, monkeypatch, "copy")
    assert found["writes"] == "passed"
    (touched,) = facts.touched
    assert (touched.path, touched.how) == ("data.txt", "changed")
    assert "test_it.py::test_writes" in touched.tests
    assert "nothing keeps a test" in str(facts.protection)
    assert not facts.is_fine


def test_a_change_is_that_of_the_test_which_ran_then():
    events = [
        {"kind": "session", "at": 0.0, "started": "2026-01-01T00:00:00.000+00:00"},
        {"kind": "finished", "at": 10.0, "seconds": 4.0, "nodeid": "a", "worker": 0},
        {"kind": "finished", "at": 10.0, "seconds": 2.0, "nodeid": "b", "worker": 0},
        {"kind": "finished", "at": 9.0, "seconds": 8.0, "nodeid": "c", "worker": 1},
    ]
    began = 1767225600.0

    def tests_at(second: float) -> tuple[str, ...]:
        (found,) = attributed([Difference("/app/x", "changed", began + second)], events, Path("/app"))
        assert found.path == "x"
        return found.tests

    assert tests_at(7.0) == ("a", "c"), "a ended when b began, two seconds before both were recorded"
    assert tests_at(8.5) == ("b", "c")
    assert tests_at(9.5) == ("b",)
    assert tests_at(7.9) == ("a", "c", "b"), "what is recorded of b may be late"
    assert tests_at(20.0) == ()


def test_the_command_ends_with_4_and_names_the_path(root, tmp_path):
    words = ["--python", sys.executable, "--reports-dir", str(tmp_path / "reports")]
    done = subprocess.run(
        [sys.executable, "-m", "kit", "run", str(root), *words],
        env=os.environ | {"KIT_SANDBOX": "copy", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4, done.stderr
    (said,) = [line for line in done.stderr.splitlines() if "The real tree has changed" in line]
    assert "data.txt (changed), while" in said
    assert "test_it.py::test_writes" in said
