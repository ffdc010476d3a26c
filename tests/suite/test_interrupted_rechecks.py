"""Runs that are ended while failures are run once more keep what was found by then, and go on with the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import read_events
from tests.helpers import write_project
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import RUNGS, by_name, rows

pytestmark = pytest.mark.slow

ERRORS = "KeyError IndexError ValueError OSError TypeError EOFError NameError LookupError SyntaxError OverflowError"


def failing(log: Path) -> dict[str, str]:
    """Ten tests, each in a file of its own, that fail each in its own way, and note that they ran."""
    return {
        f"test_{n}.py": f"def test():\n    open({str(log)!r}, 'a').write('{n}\\n')\n    raise {error}('no')\n"
        for n, error in enumerate(ERRORS.split())
    }


POLLUTED = """
    seen = []

    def test_first(): seen.append(1)

    def test_second(): assert seen == []
"""

EXCLUSIVE = """
    import os, time

    def test_{name}():
        os.close(os.open("shared.db", os.O_CREAT | os.O_EXCL))
        time.sleep(0.5)
        os.unlink("shared.db")
"""

#: kit in a process of its own, which is killed in the middle of its re-runs
RUNNER = """
import os, signal, sys
from pathlib import Path
from kit.suite import RunOptions, run_suite
from tests.suite.projects import target_of

verdicts = []

def on_event(event):
    if event["kind"] == "rechecked":
        verdicts.append(event)
        if len(verdicts) == 4:
            os.kill(os.getpid(), signal.SIGKILL)

run_suite(target_of(Path(sys.argv[1])), events=Path(sys.argv[2]), on_event=on_event)
"""


def interrupted_at(kind: str, number: int = 1, **details: object) -> Any:
    """A watcher that presses Ctrl-C at this event, when it comes for the so-manieth time."""
    seen = 0

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal seen
        seen += event["kind"] == kind and all(event.get(name) == value for name, value in details.items())
        if seen == number:
            seen += 1
            os.kill(os.getpid(), signal.SIGINT)

    return on_event


def asked(facts: SuiteFacts) -> int:
    return sum(result.alone is not None for result in facts.results)


@pytest.mark.parametrize("isolation", RUNGS)
def test_ctrl_c_keeps_each_verdict_and_whoever_goes_on_asks_only_the_others(
    run: Run, tmp_path: Path, isolation: str
) -> None:
    files = failing(tmp_path / "log")
    with pytest.raises(KeyboardInterrupt):
        run(files, isolation=isolation, on_event=interrupted_at("rechecked", 4))

    stopped = read_events(tmp_path / "events.jsonl")
    assert rows(stopped) == {"collected": 10, "failed": 10}
    assert asked(stopped) == 4
    assert stopped.problem == "The run was interrupted; 6 of 10 tests that had failed were not run once more."

    (tmp_path / "log").unlink()
    facts = run(files, isolation=isolation, resume=True)

    assert {result.alone for result in facts.results} == {"fails"}
    assert facts.problem is None
    assert sorted((tmp_path / "log").read_text().split()) == ["4", "5", "6", "7", "8", "9"]


def test_a_kit_that_was_killed_goes_on_with_the_other_verdicts(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    files = failing(log)
    root = write_project(tmp_path / "project", {"pytest.ini": "[pytest]\n", **files})
    events = tmp_path / "events.jsonl"
    killed = subprocess.Popen([sys.executable, "-c", RUNNER, str(root), str(events)])

    assert killed.wait(60) == -signal.SIGKILL
    assert asked(read_events(events)) == 4
    log.unlink()
    facts = run(files, resume=True)
    assert {result.alone for result in facts.results} == {"fails"}
    assert sorted(log.read_text().split()) == ["4", "5", "6", "7", "8", "9"]


def test_a_run_whose_time_is_up_keeps_the_verdicts_and_says_what_is_left(
    run: Run, tmp_path: Path, overdue: Overdue
) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.process.supervisor")
    overdue(marker, "kit.suite.run.rerunning")

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "rechecked":
            marker.touch()

    failing = "".join(f"def test_{n}():\n    raise OSError({n})\n" for n in range(12))
    facts = run({"test_a.py": failing}, recheck_s=600.0, run_timeout_s=600.0, on_event=on_event)

    assert rows(facts) == {"collected": 12, "failed": 12}
    left = 12 - asked(facts)
    assert 0 < left < 12
    assert facts.problem == (
        f"The run was ended after 600 s, the limit for the whole run; {left} of 12 tests that had failed were not run "
        "once more."
    )


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_who_goes_on_knows_what_ran_before_a_test_in_the_session_before(run: Run, isolation: str) -> None:
    files = {"test_a.py": POLLUTED}
    with pytest.raises(KeyboardInterrupt):
        run(files, isolation=isolation, workers=1, on_event=interrupted_at("rechecking"))

    assert by_name(run(files, isolation=isolation, workers=1, resume=True))["test_second"].alone == "passes_alone"


def test_tests_that_share_something_are_settled_by_whoever_goes_on(run: Run, tmp_path: Path) -> None:
    files = {f"test_{name}.py": EXCLUSIVE.format(name=name) for name in "abcd"}
    with pytest.raises(KeyboardInterrupt):
        run(files, on_event=interrupted_at("rechecked", alone="fails_beside_others"))

    stopped = read_events(tmp_path / "events.jsonl")
    assert "fails_beside_others" in {result.alone for result in stopped.results}
    assert stopped.shares is None

    again: list[str] = []
    facts = run(files, resume=True, on_event=lambda event: again.append(event.get("how", "")))

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert "in order" in again  # for those whose verdicts were not recorded
    assert facts.shares
