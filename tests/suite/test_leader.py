"""The first worker runs the first part of a plain run; what others have run, it can run once more in plain order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from kit.facts.suite import SuiteFacts
from kit.suite.record.events import iterate_events
from kit.suite.run.starts import Starts
from tests.suite.conftest import Run
from tests.suite.projects import by_name, in_plain_pytest, outcomes

pytestmark = pytest.mark.slow

#: each file changes a state that the tests of all others can see
FILES = {
    "app.py": "SEEN = []\nMODE = ['usual']\n",
    **{
        f"test_{name}.py": f"import app\n\ndef test_notes_{name}():\n    app.SEEN.append(1)\n    assert app.MODE\n"
        for name in "abcdefgh"
    },
}


def starts_of(tmp_path: Path) -> Counter[str]:
    """How often each test was started, by its name."""
    counts = Starts.of_events(iterate_events(tmp_path / "events.jsonl"))
    return Counter({nodeid.rpartition("::")[2]: count for nodeid, count in counts.items()})


def ran(run: Run, *, files: dict[str, str], **options: object) -> SuiteFacts:
    return run({name: dedent(text) for name, text in files.items()}, workers=2, **options)


def test_the_tests_of_the_leader_are_started_once(run: Run, tmp_path: Path) -> None:
    facts = ran(run, files=FILES)

    assert set(outcomes(facts).values()) == {"passed"}
    counts = starts_of(tmp_path)
    names = [f"test_notes_{name}" for name in "abcdefgh"]
    once = [name for name in names if counts[name] == 1]
    assert once == names[: len(once)], "the first of a plain run, and no others"
    assert "test_notes_a" in once
    assert {counts[name] for name in names[len(once) :]} == {2}


def test_without_forks_no_process_collects_only_to_tell_who_sees_a_state(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    note = f"open({str(log)!r}, 'a').write"
    waits = f"import time\ndef test_waits():\n    while 'h' not in open({str(log)!r}).read(): time.sleep(0.01)\n"
    files = {
        "test_a.py": f"{FILES['test_a.py']}{note}('a')\n{waits}",
        "test_h.py": f"{FILES['test_h.py']}    {note}('h')\n",
    }

    facts = ran(run, files={**FILES, **files}, isolation="process")

    assert set(outcomes(facts).values()) == {"passed"}
    assert max(starts_of(tmp_path).values()) == 2, "the leader has told, and run those tests once more"
    assert log.read_text().count("a") == 2, "each worker collects, and no other process"


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_a_test_that_fails_after_a_test_of_the_leader_fails_as_in_a_plain_run(
    run: Run, tmp_path: Path, isolation: str
) -> None:
    files = {**FILES, "test_a.py": "import app\ndef test_changes(): app.MODE[:] = ['odd']\n"}
    files["test_h.py"] = "import app\ndef test_reads(): assert app.MODE == ['usual']\n"

    facts = ran(run, files=files, isolation=isolation)

    assert outcomes(facts) == in_plain_pytest(tmp_path)
    assert by_name(facts)["test_reads"].outcome == "failed"
    [polluted] = facts.polluted
    assert (polluted.victim, polluted.polluters) == ("test_h.py::test_reads", ("test_a.py::test_changes",))


def test_a_test_that_needs_a_test_of_the_leader_passes_as_in_a_plain_run(run: Run, tmp_path: Path) -> None:
    files = {**FILES, "test_a.py": "import app\ndef test_changes(): app.MODE[:] = ['odd']\n"}
    files["test_h.py"] = "import app\ndef test_reads(): assert app.MODE == ['odd']\n"

    facts = ran(run, files=files)

    assert outcomes(facts) == in_plain_pytest(tmp_path)
    reads = by_name(facts)["test_reads"]
    assert (reads.outcome, reads.alone) == ("passed", "needs_others")
    assert [(one.polluters, one.instead) for one in facts.polluted] == [(("test_a.py::test_changes",), "failed")]
    assert max(starts_of(tmp_path).values()) <= 3


def test_a_test_that_fails_in_any_order_fails_alone(run: Run, tmp_path: Path) -> None:
    files = {**FILES, "test_h.py": "import app\ndef test_reads(): assert app.MODE == ['odd']\n"}

    facts = ran(run, files=files)

    reads = by_name(facts)["test_reads"]
    assert (reads.outcome, reads.alone) == ("failed", "fails")
    assert max(starts_of(tmp_path).values()) <= 3


def test_a_test_that_fails_alone_in_another_way_counts_with_its_failure_in_plain_order(
    run: Run, tmp_path: Path
) -> None:
    files = {**FILES, "test_a.py": "import app\ndef test_changes(): app.MODE[:] = ['odd']\n"}
    files["test_h.py"] = "import app\ndef test_reads():\n    assert 0, f'the mode is {app.MODE[0]}'\n"

    facts = ran(run, files=files)

    reads = by_name(facts)["test_reads"]
    assert reads.failure is not None
    assert "the mode is odd" in facts.failures[reads.failure].raised.message


def test_a_fixture_of_the_session_lives_on_until_the_last_test(run: Run, tmp_path: Path) -> None:
    """It is set up once in the process of the leader, and fails when that is over: at the last test, as always."""
    conftest = """
        import pytest
        import app

        @pytest.fixture(scope="session")
        def account():
            app.SEEN.append("open")
            yield
            assert app.SEEN.count("open") != 1, "closed too early or too late"
    """
    files = {**FILES, "conftest.py": conftest}
    files["test_a.py"] = "import app\ndef test_uses(account): app.SEEN.append(1)\n"

    facts = ran(run, files=files)

    assert outcomes(facts) == in_plain_pytest(tmp_path)
    assert outcomes(facts)["test_h.py::test_notes_h"] == "error"


@pytest.mark.parametrize("expected", ["1", "2"])
@pytest.mark.parametrize("waits", [False, True], ids=["at-once", "after-the-other-worker"])
def test_where_tests_change_files_of_the_tree_a_new_process_runs_them_in_order(
    run: Run, tmp_path: Path, waits: bool, expected: str
) -> None:
    """Alone the test fails as well, in the same line: no test has changed the mode."""
    files = {**FILES, "rates.txt": "1", "test_a.py": "import app\ndef test_changes(): app.MODE[:] = ['odd']\n"}
    files["test_g.py"] = """
        import app
        import time
        from pathlib import Path

        def test_writes():
            time.sleep(0.3)
            Path("rates.txt").write_text("2")
            app.SEEN.append(1)
    """
    files["test_e.py"] = """
        import time
        from pathlib import Path

        def test_waits():
            end = time.monotonic() + 1
            while Path("rates.txt").read_text() != "2" and time.monotonic() < end: time.sleep(0.01)
    """
    files["test_f.py"] = f"""
        import app
        from pathlib import Path

        def test_reads():
            assert (app.MODE, Path("rates.txt").read_text()) == (["odd"], "{expected}")
    """
    if not waits:
        files["test_e.py"] = FILES["test_e.py"]

    facts = ran(run, files=files)

    assert outcomes(facts) == in_plain_pytest(tmp_path)


@pytest.mark.parametrize("end", ["os._exit(3)", "time.sleep(60)"], ids=["exit", "hang"])
def test_without_its_leader_a_run_ends_as_it_would_anyway(run: Run, tmp_path: Path, end: str) -> None:
    files = {**FILES, "test_b.py": f"import os, time\ndef test_ends(): {end}\n"}
    files["test_h.py"] = "import app\ndef test_reads(): assert app.SEEN\n"

    facts = ran(run, files=files, timeout_s=2.0)

    expected = {**dict.fromkeys(outcomes(facts), "passed")}
    expected["test_b.py::test_ends"] = "crashed" if "exit" in end else "timed_out"
    assert outcomes(facts) == expected


def test_while_a_test_hangs_elsewhere_the_leader_waits(run: Run, tmp_path: Path) -> None:
    facts = ran(run, files={**FILES, "test_h.py": "import time\ndef test_hangs(): time.sleep(60)\n"}, timeout_s=2.0)

    assert outcomes(facts)["test_h.py::test_hangs"] == "timed_out"
    counts = starts_of(tmp_path)
    assert counts["test_notes_a"] == 1
    assert counts["test_notes_g"] == 2, "once more in plain order"
