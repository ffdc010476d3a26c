"""Running tests as on Windows and macOS, without forks: the outcomes of a forked run, and nothing is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kit.facts.suite import SuiteFacts
from kit.suite import read_events
from tests.helpers import finished, run_kit, wait_for, write_project
from tests.platform.like_windows import environment

pytestmark = pytest.mark.slow

#: the exit code where something has changed this environment meanwhile: nothing covers it from others here
CHANGED = 4

APP = {
    "pytest.ini": "[pytest]\n",
    "conftest.py": """
        import pytest

        print("noise " * 20_000)  # more than a pipe holds

        @pytest.fixture
        def broken():
            raise ConnectionError("no database")
    """,
    "test_ordinary.py": """
        import pytest

        @pytest.mark.parametrize("name", ["a/b", "ü", "C:\\\\x"])
        def test_passes(name):
            pass

        def test_fails():
            assert [1] == [2]

        def test_errs(broken):
            pass

        @pytest.mark.skip(reason="not today")
        def test_is_skipped():
            pass

        @pytest.mark.xfail
        def test_is_expected():
            assert 0
    """,
    "test_killers.py": """
        import os, signal, time

        def test_before():
            pass

        def test_leaves_the_process():
            os._exit(3)

        def test_between():
            pass

        def test_is_killed():
            os.kill(os.getpid(), signal.SIGSEGV)

        def test_hangs():
            time.sleep(1000)

        def test_after():
            pass
    """,
    "test_broken.py": "import nothing_of_that_name\n",
}

#: its first tests run at once, the others when the gate is there
GATED = """
    import os, subprocess, sys, time
    import pytest

    @pytest.fixture(scope="session", autouse=True)
    def helper():
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])

    @pytest.mark.parametrize("n", range(24))
    def test_gated(n):
        while n >= 8 and not os.path.exists({gate!r}):
            time.sleep(0.02)
        time.sleep(0.25)  # the guard looks twice a second for what tests have started
"""

#: each process waits until another one collects, too
MEETING = """
    import os, pathlib, time
    import pytest

    place = pathlib.Path({place!r})
    (place / str(os.getpid())).touch()
    deadline = time.monotonic() + 30
    while len(list(place.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    HERE = len(list(place.iterdir()))

    @pytest.mark.parametrize("number", range(8))
    def test_two_have_collected(number):
        assert HERE >= 2
"""


def like(system: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(folder.parent)}  # macOS has its caches below it
    return run_kit(*words, cwd=folder, timeout_s=300, **{**environment(system), **home})


def outcomes(events: Path) -> dict[str, tuple[str, str | None]]:
    facts = read_events(events)
    assert facts.accounting.holds()
    return {result.nodeid: (result.outcome, result.reason) for result in facts.results}


def errors(facts: SuiteFacts) -> list[str]:
    return sorted(error.path for error in facts.collection_errors)


RUN = ("run", ".", "--python", sys.executable, "--timeout-s", "3", "--case", "c", "--reports-dir")


@pytest.fixture(scope="module")
def forked_outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    folder = tmp_path_factory.mktemp("forked")
    done = run_kit(*RUN, str(folder), cwd=write_project(folder / "app", APP), timeout_s=300)
    assert done.returncode == 1, done.stderr
    return outcomes(folder / "c" / "events.jsonl")


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_every_outcome_is_that_of_a_forked_run(
    tmp_path: Path, system: str, forked_outcomes: dict[str, tuple[str, str | None]]
) -> None:
    app = write_project(tmp_path / "app", APP)

    portable = like(system, app, *RUN, str(tmp_path))

    assert portable.returncode in (1, CHANGED), portable.stderr
    found = outcomes(tmp_path / "c" / "events.jsonl")
    assert found == forked_outcomes
    assert {outcome for outcome, _ in found.values()} == {
        "passed", "failed", "error", "skipped", "xfailed", "crashed", "timed_out",
    }  # fmt: skip
    facts = read_events(tmp_path / "c" / "events.jsonl")
    assert errors(facts) == ["test_broken.py"]
    assert "each worker collects the suite for itself" in str(facts.isolation)


def test_an_incident_is_investigated_and_reported(tmp_path: Path) -> None:
    app = write_project(tmp_path / "app", APP)

    done = like(
        "windows", app, "investigate", ".", "--python", sys.executable, "--timeout-s", "3",
        "--reports-dir", str(tmp_path), "--case", "c", "--recheck-s", "0",
    )  # fmt: skip

    assert done.returncode in (1, CHANGED), done.stderr
    incident = json.loads((tmp_path / "c" / "incident.json").read_text(encoding="utf-8"))
    hanging = next(test for test in incident["tests"] if test["nodeid"].endswith("test_hangs"))
    assert hanging["outcome"] == "timed_out"
    assert hanging["cause"]
    assert (tmp_path / "c" / "incident.html").exists()


@pytest.mark.parametrize("system", ["windows", "macos"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["interrupted", "killed"])
def test_a_run_that_is_ended_leaves_no_process_and_goes_on(tmp_path: Path, number: signal.Signals, system: str) -> None:
    gate = tmp_path / "gate"
    write_project(tmp_path / "project", {"test_gated.py": GATED.format(gate=str(gate))})
    events = tmp_path / "reports" / "c" / "events.jsonl"
    words = ["run", "project", "--python", sys.executable, "--case", "c"]
    kit = subprocess.Popen(
        [sys.executable, "-m", "kit", *words],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment(system), "KIT_DEBUG": "", "HOME": str(tmp_path.parent)},
    )
    wait_for(lambda: finished(events) >= 4, timeout_s=120)
    family = psutil.Process(kit.pid).children(recursive=True)
    assert family

    os.kill(kit.pid, number)
    kit.wait(60)

    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    before = finished(events)
    assert 4 <= before < 24
    gate.touch()

    again = like(system, tmp_path, "run", "--resume", "c")

    assert again.returncode in (0, CHANGED), again.stderr
    assert set(outcomes(events).values()) == {("passed", None)}
    assert finished(events) <= 24 + 2, "only what ran when it ended runs again"


def test_workers_of_a_first_run_collect_at_the_same_time(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    app = write_project(tmp_path / "app", {"test_meeting.py": MEETING.format(place=str(place))})

    done = like("windows", app, *RUN, str(tmp_path))

    assert done.returncode in (0, CHANGED), done.stdout
    assert set(outcomes(tmp_path / "c" / "events.jsonl").values()) == {("passed", None)}


def test_a_suite_that_asks_for_names_of_its_workers_gets_them_in_its_first_run(tmp_path: Path) -> None:
    files = {
        "conftest.py": "import os\nNAME = os.environ.get('PYTEST_XDIST_WORKER')\n",
        "test_named.py": """
            import conftest, pytest

            @pytest.mark.parametrize("number", range(8))
            def test_it(number):
                assert conftest.NAME in ("gw0", "gw1")
        """,
    }
    app = write_project(tmp_path / "app", files)

    done = like("windows", app, *RUN, str(tmp_path))

    assert done.returncode in (0, CHANGED), done.stdout
    assert set(outcomes(tmp_path / "c" / "events.jsonl").values()) == {("passed", None)}
