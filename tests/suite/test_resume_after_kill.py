"""Whatever is killed, and whenever: a run that goes on comes to the table of one that was never disturbed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, run_suite
from tests.helpers import write_project
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow

RUNNER = """
import sys
from pathlib import Path
from kit.suite import RunOptions, run_suite
from tests.suite.projects import target_of

options = RunOptions(timeout_s=20.0, recheck_s=0.0, isolation=sys.argv[3])
run_suite(target_of(Path(sys.argv[1])), events=Path(sys.argv[2]), options=options)
"""

#: a body for each outcome; every test writes its number down
BODIES = {
    "passed": "pass",
    "failed": "assert 0",
    "skipped": "pytest.skip('no')",
    "crashed": "os._exit(3)",
}


def suite_of(outcomes: list[str], log: Path) -> dict[str, str]:
    """Tests in two files, one for each outcome that is wanted."""
    head = "import os, time, pytest\n"
    note = f"open({str(log)!r}, 'a').write"
    tests = [
        f"\n\ndef test_{n}():\n    {note}('{n}\\n')\n    time.sleep(0.03)\n    {BODIES[outcome]}\n"
        for n, outcome in enumerate(outcomes)
    ]
    return {
        "pytest.ini": "[pytest]\n",
        "test_a.py": head + "".join(tests[::2]),
        "test_b.py": head + "".join(tests[1::2]),
    }


def table(facts: SuiteFacts) -> Mapping[str, str]:
    """The outcomes, but for tests that were killed from outside: nobody can tell that from a crash of their own."""
    assert facts.accounting.holds()
    return {result.nodeid: result.outcome for result in facts.results if result.reason != "crashed: SIGKILL"}


def kill_at(process: subprocess.Popen[bytes], events: Path, finished: int, victim: str) -> None:
    """When so many tests are finished (or the run is over): kit itself, its guard, or what runs below that."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if events.exists() and events.read_bytes().count(b'"kind":"finished"') >= finished:
            break
        time.sleep(0.005)
    with suppress(psutil.NoSuchProcess):
        below = psutil.Process(process.pid).children(recursive=True)
        pids = {
            "kit": [process.pid],
            "guard": [one.pid for one in below[:1]],
            "child": [one.pid for one in below[-1:]],
        }
        for pid in pids[victim]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(sorted(BODIES)), min_size=4, max_size=14),
    st.integers(0, 14),
    st.sampled_from(["kit", "guard", "child"]),
    st.sampled_from(["fork", "process"]),
)
def test_any_run_that_is_killed_at_any_point_goes_on_to_the_same_table(
    outcomes: list[str], finished: int, victim: str, isolation: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, events = folder / "log", folder / "events.jsonl"
        root = write_project(folder / "project", suite_of(outcomes, log))
        command = [sys.executable, "-c", RUNNER, str(root), str(events), isolation]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kill_at(process, events, finished, victim)
        if victim == "kit":
            process.wait(30)
        else:
            process.wait(90)  # it goes on by itself

        options = RunOptions(timeout_s=20.0, recheck_s=0.0, isolation=isolation)  # type: ignore[arg-type]
        facts = run_suite(target_of(root), events=events, options=options, resume=True)

        wanted = {f"test_{'ab'[n % 2]}.py::test_{n}": outcome for n, outcome in enumerate(outcomes)}
        runs = Counter(log.read_text().split())
        told = table(facts)
        assert told == {nodeid: outcome for nodeid, outcome in wanted.items() if nodeid in told}
        assert len(told) >= len(wanted) - (victim != "kit"), "what ran in the process that was killed, or below it"
        written = {nodeid for nodeid in wanted if nodeid.rpartition("_")[2] in runs}
        assert written >= set(told), "none was dropped; who was killed from outside may have been so before its note"
        again = [n for n, times in runs.items() if times > 1]
        most = 4 if victim == "kit" else 2  # two workers: the word of one that has just ended may die with kit
        assert len(again) <= most, "only what was in the middle of its run, one for each worker, has run twice"
