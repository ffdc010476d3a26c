"""Failing tests are run once more, and what they do then says why they failed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kit.suite import read_events
from kit.suite.run.alike import look_of
from kit.suite.run.rechecks import shared_files
from tests.failures.live import failure_with, own
from tests.suite.conftest import Overdue, Run
from tests.suite.projects import by_name, outcomes

pytestmark = pytest.mark.slow

#: two tests that need a file for themselves, each in a module of its own
EXCLUSIVE = """
    import os
    import time
    from pathlib import Path

    LOCK = Path("shared.db")


    def test_{name}():
        descriptor = os.open(LOCK, os.O_CREAT | os.O_EXCL)
        os.close(descriptor)
        time.sleep(0.5)
        LOCK.unlink()
"""

ORDER = """
    seen = []


    def test_first():
        seen.append(1)


    def test_second():
        assert seen == []
"""


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_what_fails_alone_too_fails(run: Run, isolation: str) -> None:
    facts = run({"test_a.py": "def test_a():\n    assert 1 == 2\n"}, isolation=isolation)

    (result,) = facts.results
    assert (result.outcome, result.alone) == ("failed", "fails")


def test_a_failure_that_an_earlier_run_has_explained_is_not_asked_again(run: Run) -> None:
    files = {"test_a.py": "def test_a():\n    assert 1 == 2\n\n\ndef test_b():\n    assert 3 == 4\n"}
    first = by_name(run(files))
    events: list[Mapping[str, Any]] = []
    explained = {
        first["test_a"].nodeid: (first["test_a"].failure, "fails"),
        first["test_b"].nodeid: ("another failure", "fails"),
    }

    facts = run(files, explained=explained, on_event=events.append, workers=1)

    assert [result.alone for result in facts.results] == ["fails", "fails"]
    assert [event["tests"] for event in events if event["kind"] == "rechecking"] == [1]


def test_of_many_failures_at_one_line_of_the_app_a_few_run_once_more(run: Run) -> None:
    events: list[Mapping[str, Any]] = []
    body = "".join(f"def test_{number}():\n    check({number})\n" for number in range(40))
    check = "def check(number):\n    raise ValueError(f'{number} is refused')\n"

    facts = run({"checks.py": check, "test_a.py": f"from checks import check\n{body}"}, on_event=events.append)

    assert len(facts.failures) == 40
    assert [event["tests"] for event in events if event["kind"] == "rechecking"][:1] == [3]


def test_failures_with_the_same_text_at_different_lines_do_not_look_alike() -> None:
    failures = [failure_with("no", frames=(own("app/a.py", line, "f", "raise"),)) for line in (3, 3, 4)]
    numbered = [failure_with(text, frames=(own("app/a.py", 3, "f", "raise"),)) for text in ("no 1", "no 22", "not 1")]

    assert look_of(failures[0]) == look_of(failures[1]) != look_of(failures[2])
    assert look_of(numbered[0]) == look_of(numbered[1]) != look_of(numbered[2])


def test_a_test_that_an_earlier_one_breaks_passes_alone_and_stays_failed(run: Run) -> None:
    facts = run({"test_a.py": ORDER}, workers=1)

    result = by_name(facts)["test_second"]
    assert (result.outcome, result.alone) == ("failed", "passes_alone")
    assert result.failure in facts.failures


def test_tests_that_need_one_file_are_counted_as_without_others_and_the_suite_says_so(run: Run) -> None:
    files = {f"test_{name}.py": EXCLUSIVE.replace("{name}", name) for name in "abcd"}
    facts = run(files, workers=2)

    beside = [result for result in facts.results if result.alone]
    assert beside, "two of them met"
    assert {result.alone for result in beside} == {"fails_beside_others"}
    assert set(outcomes(facts).values()) == {"passed"}
    assert all(result.failure in facts.failures for result in beside), "what was seen stays the evidence"
    assert facts.accounting.passed == 4
    assert "--workers 1" in str(facts.shares)


MEETING = """
    import os
    import time
    from pathlib import Path

    import pytest

    LOCK, HELD, MET = Path("shared.db"), Path({folder!r}, "held"), Path({folder!r}, "met")


    def wait_for(path):
        ends = time.monotonic() + 20
        while not path.exists() and time.monotonic() < ends:
            time.sleep(0.01)


    def take():
        os.close(os.open(LOCK, os.O_CREAT | os.O_EXCL))

    # --
    def test_a():
        take()
        HELD.touch()
        wait_for(MET)
        LOCK.unlink()

    @pytest.mark.parametrize("number", range(3))
    def test_between(number):
        "A worker takes one test ahead, and the other one two until test_a runs: test_b is none of them."
        wait_for(HELD)

    # --
    def test_b():
        wait_for(HELD)
        try:
            take()
        finally:
            MET.touch()
        LOCK.unlink()
        assert 1 == 2
"""


def test_a_test_that_fails_beside_others_in_another_way_counts_with_its_failure_in_plain_order(
    run: Run, tmp_path: Path
) -> None:
    shared, first, second = MEETING.format(folder=str(tmp_path)).split("# --")

    facts = run({"test_a.py": shared + first, "test_b.py": shared + second}, workers=2)

    found = by_name(facts)["test_b"]
    assert (found.outcome, found.alone) == ("failed", "fails")
    assert facts.failures[found.failure or ""].chain[-1].type == "AssertionError"
    assert "FileExistsError" in {failure.chain[-1].type for failure in facts.failures.values()}, "they had met"


def test_a_test_that_fails_once_is_flaky(run: Run, tmp_path: Path) -> None:
    once = f"""
        from pathlib import Path

        def test_once():
            mark = Path({str(tmp_path / "mark")!r})
            was_there = mark.exists()
            mark.touch()
            assert was_there
    """
    facts = run({"test_a.py": once})

    (result,) = facts.results
    assert (result.outcome, result.alone) == ("failed", "flaky")
    assert facts.shares is None


def test_a_cascade_costs_a_handful_of_re_runs(run: Run, tmp_path: Path) -> None:
    broken = f"""
        import pytest

        @pytest.fixture
        def broken():
            with open({str(tmp_path / "runs")!r}, "a") as runs:
                runs.write("x")
            raise OSError("the database is away")

        @pytest.mark.parametrize("number", range(200))
        def test_number(broken, number):
            pass
    """
    facts = run({"test_a.py": broken}, recheck_s=60.0)

    asked = [result for result in facts.results if result.alone]
    assert facts.accounting.error == 200
    assert len(asked) >= 3
    assert {result.alone for result in asked} == {"fails"}
    assert len((tmp_path / "runs").read_text()) < 400


def test_without_time_for_it_nothing_is_run_once_more(run: Run) -> None:
    facts = run({"test_a.py": "def test_a():\n    assert 1 == 2\n"}, recheck_s=0.0)

    assert [result.alone for result in facts.results] == [None]


def test_when_the_time_is_up_the_run_ends_with_what_is_known(run: Run, tmp_path: Path, overdue: Overdue) -> None:
    marker = tmp_path / "marker"
    overdue(marker, "kit.suite.run.rerunning")

    def on_event(event: Mapping[str, Any]) -> None:
        if event["kind"] == "rechecked":
            marker.touch()

    failing = "".join(f"def test_{n}():\n    raise OSError({n})\n" for n in range(10))
    facts = run({"test_a.py": failing}, recheck_s=100.0, on_event=on_event)

    assert facts.problem is None
    assert facts.accounting.failed == 10
    assert 0 < sum(result.alone == "fails" for result in facts.results) < 10


def test_a_crash_while_running_alone_costs_nothing(run: Run, tmp_path: Path) -> None:
    dies = f"""
        import os
        from pathlib import Path

        def test_dies_the_second_time():
            mark = Path({str(tmp_path / "mark")!r})
            if mark.exists():
                os._exit(3)
            mark.touch()
            assert False

        def test_fails():
            assert False
    """
    facts = run({"test_a.py": dies})

    assert set(outcomes(facts).values()) == {"failed"}
    assert by_name(facts)["test_fails"].alone == "fails"


def test_verdicts_are_in_the_record_and_are_not_asked_for_again(run: Run, tmp_path: Path) -> None:
    files = {"test_a.py": "def test_a():\n    assert 1 == 2\n"}
    run(files)
    said: list[dict[str, Any]] = []
    facts = run(files, resume=True, on_event=lambda event: said.append(dict(event)))

    assert read_events(tmp_path / "events.jsonl").results == facts.results
    assert [result.alone for result in facts.results] == ["fails"]
    assert not [event for event in said if event["kind"] == "rechecking"]


@pytest.mark.parametrize(("isolation", "processes"), [("test", 3), ("file", 2)])
def test_files_or_tests_can_each_have_a_process_of_their_own(
    run: Run, tmp_path: Path, isolation: str, processes: int
) -> None:
    writes = f"import os\n\ndef test_NAME():\n    open({str(tmp_path / 'pids')!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
    files = {
        "test_a.py": writes.replace("NAME", "one") + writes.replace("import os\n", "").replace("NAME", "two"),
        "test_b.py": writes.replace("NAME", "three"),
    }
    facts = run(files, isolation=isolation)

    assert facts.accounting.passed == 3
    assert len(set((tmp_path / "pids").read_text().split())) == processes
    assert str(facts.isolation).startswith(f"{isolation}: a new copy")


def test_tests_that_build_on_each_other_come_to_what_they_come_to_in_a_plain_run(run: Run) -> None:
    chain = "import time\ndone = []\n" + "".join(
        f"\n\ndef test_{n:02}():\n    assert done == list(range({n}))\n    done.append({n})\n    time.sleep(0.05)\n"
        for n in range(16)
    )
    facts = run({"test_chain.py": chain}, workers=2)

    assert set(outcomes(facts).values()) == {"passed"}
    assert {result.alone for result in facts.results} == {None, "needs_others"}


DATABASE = """
    import sqlite3
    import time

    import pytest


    @pytest.fixture
    def rows():
        connection = sqlite3.connect("shop.db", timeout=0.05)
        connection.execute("create table if not exists users (name text unique)")
        yield connection
        connection.close()


    @pytest.mark.parametrize("number", range(6))
    def test_a_user_is_stored(rows, number):
        rows.execute("insert into users values ('ada')")
        rows.commit()
        time.sleep(0.1)
        assert rows.execute("select count(*) from users").fetchone() == (1,)
        rows.execute("delete from users")
        rows.commit()
"""


def test_what_tests_leave_in_a_database_does_not_decide_what_they_do_alone(run: Run) -> None:
    facts = run({"test_a.py": DATABASE, "test_b.py": DATABASE}, workers=2)

    assert set(outcomes(facts).values()) == {"passed"}
    assert sum(result.alone == "fails_beside_others" for result in facts.results) > 1
    assert "tests write the same file: shop.db. They are counted" in str(facts.shares)


def test_files_that_several_tests_write_are_named_databases_first() -> None:
    written = [{"a.log", "shop.db-journal", "shop.db"}, {"a.log", "shop.db"}, {"a.log", "only.txt"}]

    assert shared_files(map(frozenset, written)) == ("shop.db", "a.log")
    assert shared_files(frozenset(f"{n}.txt" for n in range(9)) for _ in range(2)) == ("0.txt", "1.txt", "2.txt")


def test_how_many_have_been_run_once_more_is_said(run: Run) -> None:
    said: list[dict[str, Any]] = []
    slow = """
        import time, pytest

        @pytest.mark.parametrize("n", range(3))
        def test(n):
            time.sleep(0.7)
            assert n > 9
    """
    run({"test_a.py": slow}, workers=1, on_event=lambda event: said.append(dict(event)))

    told = [(event["done"], event["tests"], event["how"]) for event in said if event["kind"] == "rerun"]
    assert {(1, 3, "alone"), (2, 3, "alone")} <= set(told)


#: every test works in one folder; a set-up that is disturbed leaves the folder behind
ONE_FOLDER = {
    "conftest.py": """
        import os, shutil
        import pytest

        LOG = open("session.log", "w")  # stays open, so that each worker collects for itself

        @pytest.fixture
        def workshop():
            if os.path.exists("workshop/parts"):
                raise AssertionError("workshop/parts exists already")
            os.makedirs("workshop/parts")
            for number in range(40):
                with open(f"workshop/parts/{number}.txt", "w") as file:
                    file.write(str(number))
            yield "workshop/parts"
            shutil.rmtree("workshop")
    """,
    **{
        f"test_{name}.py": """
            import os
            import pytest

            @pytest.mark.parametrize("number", range(15))
            def test_parts(workshop, number):
                assert len(os.listdir(workshop)) == 40
        """
        for name in "abcd"
    },
}


def test_a_suite_that_works_in_one_folder_passes_as_in_a_plain_run(run: Run) -> None:
    """Two workers disturb each other in most of these tests, and leave the folder behind."""
    facts = run(ONE_FOLDER, workers=2)

    assert (facts.isolation or "").startswith("process")
    assert set(outcomes(facts).values()) == {"passed"}


def test_workers_that_share_a_name_drawn_at_import_end_as_a_plain_run(run: Run) -> None:
    files = {
        "store.py": """
            import dbm.dumb, glob, os, random

            NAME = f"store_{random.randint(1, 10**9)}.db"

            def remove():
                for path in glob.glob(NAME + "*"):
                    os.unlink(path)
        """,
        **{
            f"test_{name}.py": """
                import dbm.dumb
                import pytest
                import store

                @pytest.mark.parametrize("number", range(60))
                def test_rows(number):
                    with dbm.dumb.open(store.NAME, "c") as rows:
                        assert len(rows) == 0
                        for key in range(20):
                            rows[str(key)] = str(number)
                    with dbm.dumb.open(store.NAME, "r") as rows:
                        assert len(rows) == 20
                    store.remove()
            """
            for name in "ab"
        },
    }
    facts = run(files, workers=2)

    assert (facts.isolation or "").startswith("fork")
    assert set(outcomes(facts).values()) == {"passed"}
