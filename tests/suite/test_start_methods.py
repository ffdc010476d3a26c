"""Where an earlier run has told how workers have to begin, they do so at once, and none collects for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.suite.record.events import iterate_events
from tests.helpers import run_kit, write_project
from tests.suite.conftest import Run
from tests.suite.projects import rows
from tests.suite.test_isolation import THREAD

pytestmark = pytest.mark.slow

#: each process notes that it has imported the test files, and who it is then; both workers have to be there before one
#: of them goes on
REPORTING = """
    import os, time
    open({log!r}, "a").write(os.environ.get("PYTEST_XDIST" + "_WORKER", "nobody") + "\\n")

    def meet():
        space = os.stat("/proc/self/ns/pid").st_ino if os.path.exists("/proc/self/ns") else 0  # a sandbox has its own
        open({ran!r}, "a").write(f"{{space}}:{{os.getpid()}}\\n")
        deadline = time.monotonic() + 50
        while len(set(open({ran!r}).read().split())) < {workers} and time.monotonic() < deadline:
            time.sleep(0.01)

    def test_one(): meet()
    def test_two(): meet()
"""
PLAIN = "import sys\n"
NAMED = "import os\nNAME = os.environ.get('PYTEST_XDIST_WORKER')\n"
PREPARED = """
    class Hooks:
        def pytest_configure_node(self, node): "as xdist has it"

    def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(Hooks)

    def pytest_configure_node(node): node.workerinput["port"] = 5000 + int(node.gateway.id[2:])

    def pytest_configure(config):
        worker = getattr(config, "workerinput", None)
        assert worker is None or worker["port"] == 5000 + int(worker["workerid"][2:])
"""

#: what is told of it afterwards
NO_NEED = "since the workers of the last run had to; nothing needs that any more, so the next run forks its workers"


class Suite:
    """Two files of two tests, run by two workers."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._run, self._folder = run, folder
        self._log = folder / "imports"

    def run(self, conftest: str, **options: Any) -> Any:
        self._log.write_text("")
        workers = 1 if "nodeids" in options else options.setdefault("workers", 2)
        reporting = REPORTING.format(log=str(self._log), ran=str(self._folder / "ran"), workers=workers)
        files = {f"test_{name}.py": reporting for name in ("a", "b")}
        return self._run({"conftest.py": conftest, **files}, **{"workers": 2, "timeout_s": 60.0, **options})

    @property
    def who_collected(self) -> list[str]:
        return sorted(set(self._log.read_text().splitlines()))

    @property
    def times_collected(self) -> int:
        return len(self._log.read_text().splitlines()) // 2

    @property
    def start_method(self) -> str | None:
        [ready] = [event for event in iterate_events(self._folder / "events.jsonl") if event["kind"] == "ready"]
        return ready["beginning"]


@pytest.fixture
def suite(run: Run, tmp_path: Path) -> Suite:
    return Suite(run, tmp_path)


NEEDS = [(THREAD, "fresh"), (NAMED, "named"), (PREPARED, "prepared"), (PLAIN, "forked")]


@pytest.mark.parametrize(("conftest", "start_method"), NEEDS)
def test_a_run_says_how_its_workers_had_to_begin(suite: Suite, conftest: str, start_method: str) -> None:
    facts = suite.run(conftest)

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert (facts.beginning, suite.start_method) == (start_method, start_method)


@pytest.mark.parametrize("isolation", ["auto", "process"])
@pytest.mark.parametrize(("conftest", "start_method"), NEEDS[:3])
def test_the_next_one_collects_in_its_workers_only(
    suite: Suite, conftest: str, start_method: str, isolation: str
) -> None:
    facts = suite.run(conftest, start_method=start_method, isolation=isolation)

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert facts.beginning == start_method
    assert suite.times_collected == 2
    assert suite.who_collected == (["nobody"] if start_method == "fresh" else ["gw0", "gw1"])
    assert str(facts.isolation).startswith("process: ")
    assert NO_NEED not in str(facts.isolation)


def test_who_asks_for_processes_gets_them_at_once_also_where_forks_would_do(suite: Suite) -> None:
    facts = suite.run(PLAIN, start_method="forked", isolation="process")

    assert facts.isolation == "process: each worker collects the suite for itself, as requested"
    assert (suite.times_collected, facts.beginning) == (2, "forked")


@pytest.mark.parametrize(("conftest", "isolation"), [(PLAIN, "process"), (THREAD, "auto")])
def test_who_has_collected_works_as_well_where_that_can_be(suite: Suite, conftest: str, isolation: str) -> None:
    suite.run(conftest, isolation=isolation)

    assert suite.times_collected == 2


@pytest.mark.parametrize("start_method", ["fresh", "named", "prepared"])
def test_what_is_not_needed_any_more_is_done_once_more_and_said(suite: Suite, start_method: str) -> None:
    facts = suite.run(PLAIN, start_method=start_method)

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert facts.beginning == "forked"
    if start_method == "prepared":  # which shows before anything is collected
        assert (str(facts.isolation)[:5], suite.times_collected) == ("fork:", 1)
    else:
        assert facts.isolation == f"process: each worker collects the suite for itself, {NO_NEED}"
        assert suite.times_collected == 2


MORE = [(NAMED, "fresh"), (PREPARED, "fresh"), (PREPARED, "named")]


@pytest.mark.parametrize(("conftest", "start_method"), MORE)
def test_where_more_is_needed_than_before_everything_begins_anew(
    suite: Suite, conftest: str, start_method: str
) -> None:
    facts = suite.run(conftest, start_method=start_method)

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert facts.beginning == {NAMED: "named", PREPARED: "prepared"}[conftest]
    assert {"gw0", "gw1"} <= set(suite.who_collected)


def test_a_few_tests_begin_with_one_worker(suite: Suite) -> None:
    facts = suite.run(NAMED, start_method="named", nodeids=["test_a.py::test_one"])

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert suite.who_collected == ["gw0"]
    assert facts.beginning is None, "what others need is not seen"


@pytest.mark.parametrize("options", [{"workers": 1}, {"isolation": "fork"}, {"isolation": "file"}])
def test_where_nothing_is_gained_it_is_as_ever(suite: Suite, options: dict[str, Any]) -> None:
    facts = suite.run(NAMED, start_method="named", **options)

    assert rows(facts) == {"collected": 4, "passed": 4}
    assert "nobody" in suite.who_collected


@pytest.mark.parametrize(("conftest", "start_method"), NEEDS[:3])
def test_a_file_that_ends_pytest_when_it_is_imported_is_left_out_by_all(
    run: Run, conftest: str, start_method: str
) -> None:
    files = {"test_a.py": "def test_one(): pass\n", "test_b.py": "import os; os._exit(3)\n"}
    facts = run({"conftest.py": conftest, **files}, workers=2, start_method=start_method)

    assert rows(facts) == {"collected": 1, "passed": 1}
    assert [error.path for error in facts.collection_errors] == ["test_b.py"]


def test_a_controller_that_cannot_begin_says_what_a_collection_would_say(suite: Suite) -> None:
    facts = suite.run("raise RuntimeError('no database')\n", start_method="prepared")

    assert "RuntimeError: no database at conftest.py:1" in str(facts.problem)


def test_a_worker_that_dies_while_another_one_has_collected_is_replaced(run: Run, tmp_path: Path) -> None:
    once = f"""
        import os
        NAME = os.environ.get("PYTEST_XDIST_WORKER")
        if NAME == "gw1" and not os.path.exists({str(tmp_path / "seen")!r}):
            open({str(tmp_path / "seen")!r}, "w").close()
            os._exit(3)
    """
    facts = run({"conftest.py": once, "test_a.py": "def test_one(): pass\n"}, workers=2, start_method="named")

    assert rows(facts) == {"collected": 1, "passed": 1}


#: the second file can see what the first one changes
SEES = {
    "shop.py": "import time\nseen = []\n\ndef look():\n    time.sleep(0.5)\n    seen.append(1)\n",
    "test_a.py": "import shop\nopen({log!r}, 'a').write('a')\n\ndef test_a():\n    shop.look()\n",
    "test_b.py": "import shop\n\ndef test_b():\n    shop.look()\n",
    "test_c.py": "import shop\n\ndef test_c():\n    assert shop.seen is not None\n",
}


def test_what_made_no_difference_is_not_asked_again_by_one_more_process(tmp_path: Path) -> None:
    log = tmp_path / "log"
    app = write_project(tmp_path / "app", {**SEES, "test_a.py": SEES["test_a.py"].format(log=str(log))})
    collected: list[int] = []

    while len(collected) < 6 and 2 not in collected[1:]:  # on a busy machine the tests can meet in another way first
        log.write_text("")
        done = run_kit("run", str(app), "--isolation", "process", "--reports-dir", str(tmp_path), cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        collected.append(len(log.read_text()))

    assert collected[-1] == 2, "the two workers, and none to ask which tests can see what has changed"


#: the worker that runs the first test, and has got the second with it, waits until the session of the other one is over
ONE_ENDS_FIRST = """
    from pathlib import Path

    LOG = Path({log!r})

    def pytest_unconfigure(config):
        being_made = Path("pytest-cache-files-1")  # the folder that pytest renames when all is in it
        of_another_pytest = Path("part", ".pytest_cache")
        for cache in (being_made, of_another_pytest):
            cache.mkdir(parents=True, exist_ok=True)
            (cache / "README.md").touch()
        for cache in (of_another_pytest, config.cache._cachedir):
            (cache / "v" / "cache").mkdir(parents=True, exist_ok=True)  # empty until the first entry is there
        LOG.touch()
"""
WAITING = """
    import time
    from conftest import LOG

    def test_waits():
        deadline = time.monotonic() + 10
        while not LOG.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert LOG.exists()
"""


@pytest.mark.parametrize("cache", [".pytest_cache", "build/cache"])
def test_what_pytest_caches_at_the_end_of_a_worker_is_no_state_of_tests(run: Run, tmp_path: Path, cache: str) -> None:
    files = {
        "conftest.py": ONE_ENDS_FIRST.format(log=str(tmp_path / "ended")),
        "test_a.py": WAITING,
        **dict.fromkeys(
            ("test_b.py", "test_c.py", "test_d.py"), "def test_that_could_see_it(): assert ['README.md', 'cache']\n"
        ),
    }
    facts = run(files, addopts=("-o", f"cache_dir={cache}"), workers=2, isolation="process", timeout_s=60.0)

    assert rows(facts) == {"collected": 4, "passed": 4}
    kinds = [event["kind"] for event in iterate_events(tmp_path / "events.jsonl")]
    assert kinds.count("child") == 4, "a further process was asked who can see what pytest has cached"
