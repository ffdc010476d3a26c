"""Runs on a real scheduler with real workers: as at home, and when machines are lost."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.suite.cluster import scheduler
from tests.suite.cluster.conftest import Cluster, wait_until
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import by_name, outcomes, rows

pytestmark = pytest.mark.slow

MIXED = {
    "test_a.py": """
        import os
        import warnings

        import pytest


        @pytest.mark.parametrize("number", range(30))
        def test_numbers(number):
            assert number % 7


        def test_warns():
            warnings.warn("old")


        @pytest.fixture
        def broken():
            raise ValueError("never")


        def test_error(broken):
            pass


        @pytest.mark.skip(reason="not today")
        def test_skipped():
            pass


        @pytest.mark.xfail
        def test_expected():
            assert False
        """,
    "test_b.py": """
        import os
        import signal
        import time


        def test_kills_its_process():
            os.kill(os.getpid(), signal.SIGKILL)


        def test_hangs():
            time.sleep(600)


        def test_takes_memory():
            [bytearray(600 << 20), time.sleep(600)]  # one line, whenever the limit is seen


        def test_after_them():
            pass
        """,
    "test_broken.py": "import nothing_of_that_name",
    "package/data.txt": "data",
    "test_data.py": """
        from pathlib import Path


        def test_reads_its_data():
            assert Path(__file__).with_name("package").joinpath("data.txt").read_text() == "data"
        """,
}

#: many tests that take a moment each, in two files
SLOW = {
    f"test_{name}.py": """
        import time

        import pytest


        @pytest.mark.parametrize("number", range(40))
        def test_it(number):
            time.sleep(0.03)
        """
    for name in ("a", "b")
}


def test_a_run_on_a_cluster_is_like_one_at_home(cluster: Cluster, run: Run) -> None:
    cluster.grow(2)
    home = run(MIXED, timeout_s=6.0, memory_mb=400)

    events: list[Mapping[str, Any]] = []
    away = run(MIXED, timeout_s=6.0, memory_mb=400, cluster=cluster.address, on_event=events.append)

    assert away.problem is None
    assert outcomes(away) == outcomes(home)
    assert {name: result.reason for name, result in by_name(away).items()} == {
        name: result.reason for name, result in by_name(home).items()
    }
    assert {name: result.alone for name, result in by_name(away).items()} == {
        name: result.alone for name, result in by_name(home).items()
    }
    assert away.failures == home.failures
    assert away.collection_errors == home.collection_errors
    assert {warning.message for warning in away.warnings} == {warning.message for warning in home.warnings} == {"old"}
    assert by_name(away)["test_kills_its_process"].reason == "crashed: SIGKILL"
    assert by_name(away)["test_hangs"].reason == "timed out after 6 s in call"
    assert by_name(away)["test_takes_memory"].reason == "memory limit 400 MiB"
    assert rows(away)["crashed"] == 2
    workers = {event["on"]: event["worker"] for event in events if event["kind"] == "child"}
    assert len(workers) == 2
    assert sorted(workers.values()) == [1, 2]
    wait_until(cluster.holds_nothing)


def test_the_unfinished_tests_of_a_lost_worker_run_on_another(cluster: Cluster, run: Run) -> None:
    cluster.grow(2)
    killed: list[int] = []

    def kill_one(event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished" and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    events: list[Mapping[str, Any]] = []
    facts = run(
        SLOW,
        isolation="process",
        cluster=cluster.address,
        on_event=lambda event: (events.append(event), kill_one(event)),
    )

    assert facts.problem is None
    assert rows(facts) == {"collected": 80, "passed": 80}
    finished = [event["nodeid"] for event in events if event["kind"] == "finished"]
    assert len(finished) == len(set(finished)) == 80
    assert [event["reason"] for event in events if event["kind"] == "child" and event["state"] == "lost"] == [
        "its worker was lost"
    ]
    wait_until(cluster.holds_nothing)


def test_a_test_that_takes_down_two_workers_is_to_blame(cluster: Cluster, run: Run) -> None:
    cluster.grow(3)
    killer = """
        import os
        import signal

        import psutil
        import pytest


        @pytest.mark.parametrize("number", range(6))
        def test_before(number):
            pass


        def test_killer():
            above = psutil.Process().parents()
            worker = next(each for each in above if "distributed.cli.dask_worker" in each.cmdline())
            worker.send_signal(signal.SIGKILL)
            signal.pause()


        @pytest.mark.parametrize("number", range(6))
        def test_after(number):
            pass
        """

    facts = run({"test_a.py": killer}, cluster=cluster.address)

    assert facts.problem is None
    assert rows(facts) == {"collected": 13, "passed": 12, "crashed": 1}
    assert by_name(facts)["test_killer"].reason == "crashed: its worker was lost while it ran, twice"


def test_workers_have_names_of_their_own(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    cluster.grow(2)
    names = """
        import time
        from pathlib import Path

        import pytest


        @pytest.mark.parametrize("number", range(30))
        def test_name(worker_id, number):
            time.sleep(0.05)
            Path({folder!r}, worker_id).touch()


        @pytest.fixture
        def worker_id():
            import os
            return os.environ["PYTEST_XDIST_WORKER"] + "of" + os.environ["PYTEST_XDIST_WORKER_COUNT"]
        """
    seen = tmp_path / "seen"
    seen.mkdir()

    facts = run({"test_a.py": names.format(folder=str(seen))}, cluster=cluster.address)

    assert rows(facts) == {"collected": 30, "passed": 30}
    assert {path.name for path in seen.iterdir()} == {"gw0of2", "gw1of2"}


def test_the_clusters_own_interpreter_and_only_harmless_variables_of_kits(
    cluster: Cluster, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.grow(1)
    monkeypatch.setenv("SOME_TOKEN_OF_KITS", "abcdef123456")
    monkeypatch.setenv("PYTHONHASHSEED", "7")

    facts = run(
        {
            "test_a.py": """
                import os


                def test_environment():
                    assert "SOME_TOKEN_OF_KITS" not in os.environ
                    assert os.environ["PYTHONHASHSEED"] == "7"
                """
        },
        cluster=cluster.address,
    )

    assert rows(facts) == {"collected": 1, "passed": 1}


def test_a_lost_scheduler_ends_the_run_which_can_be_resumed(cluster: Cluster, run: Run) -> None:
    cluster.grow(1)

    def kill_scheduler(event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished":
            cluster.lose_scheduler()

    facts = run(SLOW, cluster=cluster.address, on_event=kill_scheduler)

    assert (
        facts.problem
        == f"The scheduler at {cluster.address} was lost; what ran until then is kept, and --resume goes on."
    )
    assert 0 < rows(facts)["passed"] < 80
    assert rows(facts)["not_run"] + rows(facts)["passed"] == 80
    wait_until(cluster.holds_nothing)

    cluster.grow(1)
    events: list[Mapping[str, Any]] = []
    resumed = run(SLOW, cluster=cluster.address, on_event=events.append, resume=True)

    assert rows(resumed) == {"collected": 80, "passed": 80}
    assert sum(event["kind"] == "finished" for event in events) == 80 - rows(facts)["passed"]


def test_an_interrupted_run_leaves_nothing_on_the_workers(cluster: Cluster, run: Run) -> None:
    cluster.grow(1)

    def interrupt(event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(SLOW, cluster=cluster.address, on_event=interrupt)

    wait_until(cluster.holds_nothing)


def test_a_limit_for_the_whole_run_holds(cluster: Cluster, run: Run, tmp_path: Path, overdue: Overdue) -> None:
    cluster.grow(1)
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.cluster.cluster_run")
    hangs = f"import time\ndef test_it():\n    open({str(marker)!r}, 'w').close()\n    time.sleep(600)\n"

    facts = run({"test_a.py": hangs}, cluster=cluster.address, run_timeout_s=600.0)

    assert facts.problem == "The run was ended after 600 s, the limit for the whole run."
    assert rows(facts) == {"collected": 1, "not_run": 1}
    wait_until(cluster.holds_nothing)


def test_a_cluster_without_workers_is_told(cluster: Cluster, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster.grow(0)
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    cluster.grow(0)
    monkeypatch.setattr(scheduler, "WORKER_LIMIT", 0.1)

    facts = run({"test_a.py": "def test_it(): pass"}, cluster=cluster.address)

    assert facts.problem == (
        f'The cluster at {cluster.address} has no workers: start one with "dask worker {cluster.address}".'
    )


def test_what_is_no_scheduler_does_not_keep_kit_waiting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_ANSWER_LIMIT", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"

        facts = run({"test_a.py": "def test_it(): pass"}, cluster=address)

    assert facts.problem == f"No Dask scheduler answers at {address}: the server there does not speak Dask's protocol."


def test_where_no_scheduler_answers_that_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_ANSWER_LIMIT", 0.5)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"

        facts = run({"test_a.py": "def test_it(): pass"}, cluster=address)

    assert facts.problem == f"No Dask scheduler answers at {address}: Connection refused."
