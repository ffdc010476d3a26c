"""Ctrl-C at any time: exit code 5, nothing lost, nothing left running; and the case goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.helpers import finished, run_kit, wait_for, write_project

pytestmark = pytest.mark.slow

SLOW = """
    import time
    import pytest

    @pytest.mark.parametrize("n", range(24))
    def test_slow(n):
        time.sleep(0.25)
"""


@pytest.mark.parametrize(
    ("command", "number"), [("run", signal.SIGINT), ("investigate", signal.SIGINT), ("investigate", signal.SIGTERM)]
)
def test_an_interrupted_case_is_kept_and_goes_on(tmp_path: Path, command: str, number: signal.Signals) -> None:
    write_project(tmp_path / "project", {"test_slow.py": SLOW})
    events = tmp_path / "reports" / "c" / "events.jsonl"
    kit = subprocess.Popen(
        [sys.executable, "-m", "kit", command, "project", "--case", "c"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "KIT_DEBUG": ""},
    )
    wait_for(lambda: finished(events) >= 4)
    family = [psutil.Process(kit.pid), *psutil.Process(kit.pid).children(recursive=True)]

    kit.send_signal(number)
    _, stderr = kit.communicate(timeout=30)

    assert kit.returncode == 5, stderr
    assert f"kit {command} --resume c" in stderr
    assert "Traceback" not in stderr
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    before = finished(events)
    assert 4 <= before < 24

    again = run_kit(command, "--resume", "c", cwd=tmp_path)

    assert again.returncode == 0, again.stderr
    assert finished(events) == 24, "each test ran once"
