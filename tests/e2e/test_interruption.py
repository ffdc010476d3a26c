"""A signal at any time: exit code 5, nothing lost, nothing left running or lying about; and the case goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.helpers import finished, run_kit, wait_for, write_project

pytestmark = pytest.mark.slow

HANGS_UP = pytest.mark.posix("Windows has no SIGHUP")

SLOW = """
    import time
    import pytest

    @pytest.mark.parametrize("n", range(24))
    def test_slow(n):
        time.sleep(0.25)
"""


def started(place: Path, *words: str, **streams: Any) -> subprocess.Popen[str]:
    """A command of kit in ``place``, in a group of its own, whose temporary files lie in the folder ``temporary``."""
    (place / "temporary").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "kit", *words],
        cwd=place,
        text=True,
        env={**os.environ, "KIT_DEBUG": "", "TMPDIR": str(place / "temporary")},
        **{"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "start_new_session": True, **streams},
    )


@pytest.mark.parametrize(
    ("command", "number", "send"),
    [
        ("run", "SIGINT", "kill"),
        pytest.param("run", "SIGHUP", "killpg", marks=HANGS_UP),
        ("investigate", "SIGINT", "killpg"),
        ("investigate", "SIGTERM", "killpg"),
    ],
)
def test_an_interrupted_case_is_kept_and_goes_on(tmp_path: Path, command: str, number: str, send: str) -> None:
    write_project(tmp_path / "project", {"test_slow.py": SLOW})
    events = tmp_path / "reports" / "c" / "events.jsonl"
    kit = started(tmp_path, command, "project", "--case", "c")
    wait_for(lambda: finished(events) >= 4)
    family = [psutil.Process(kit.pid), *psutil.Process(kit.pid).children(recursive=True)]

    getattr(os, send)(kit.pid, getattr(signal, number))
    _, stderr = kit.communicate(timeout=30)

    assert kit.returncode == 5, stderr
    assert list((tmp_path / "temporary").iterdir()) == []
    assert f"kit {command} --resume c" in stderr
    assert "Traceback" not in stderr
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    before = finished(events)
    assert 4 <= before < 24

    again = run_kit(command, "--resume", "c", cwd=tmp_path)

    assert again.returncode == 0, again.stderr
    assert finished(events) == 24, "each test ran once"


@HANGS_UP
def test_a_run_ends_in_order_when_its_terminal_is_closed(tmp_path: Path) -> None:
    import pty  # Windows has no such module

    write_project(tmp_path / "project", {"test_slow.py": SLOW})
    ours, its = pty.openpty()
    leads = {"start_new_session": False, "preexec_fn": lambda: os.login_tty(its)}
    kit = started(tmp_path, "run", "project", "--case", "c", stdin=its, stdout=its, stderr=its, **leads)
    os.close(its)
    events = tmp_path / "reports" / "c" / "events.jsonl"
    wait_for(lambda: bool(os.read(ours, 1000)) and finished(events) >= 4)

    os.close(ours)

    assert kit.wait(timeout=30) == 5
    assert '"kind":"end"' in events.read_text()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_results_that_were_not_all_read_make_no_case(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {"app.py": "", "test_app.py": "def test_it(): pass"})
    cases = (f'<testcase classname="test_app" name="test_{n}" file="test_app.py"/>' for n in range(20_000))
    (tmp_path / "results.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>")
    case = tmp_path / "reports" / "c"
    kit = started(tmp_path, "ingest", "results.xml", "--target", "project", "--case", "c")
    wait_for(case.exists)

    os.kill(kit.pid, signal.SIGTERM)
    _, stderr = kit.communicate(timeout=30)

    assert kit.returncode == 5, stderr
    assert stderr.endswith("kit: Interrupted.\n")
    assert not case.exists()
    assert "There is no case" in run_kit("cases", "--reports-dir", "reports", cwd=tmp_path).stdout
