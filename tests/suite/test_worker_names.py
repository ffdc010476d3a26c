"""Suites that give each worker something of its own find out which worker they are, as with pytest-xdist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kit.probes.suite.worker_names import only_asks_whether
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.test_isolation import THREAD

pytestmark = pytest.mark.slow

#: both workers have to be there before one of them goes on
MEETING = """
    import json, os, time
    import pytest

    @pytest.mark.parametrize("n", range(2))
    def test_{name}(n, request):
        folder = {folder!r}
        space = os.stat("/proc/self/ns/pid").st_ino if os.path.exists("/proc/self/ns") else 0  # a sandbox has its own
        mine = os.path.join(folder, "%d-%d" % (space, os.getpid()))
        said = {{name: os.environ.get(name) for name in {names!r}}}
        said["input"] = getattr(request.config, "workerinput", {{}}).get("workerid")
        with open(mine + ".new", "w") as file:
            json.dump(said, file)
        os.rename(mine + ".new", mine)
        deadline = time.monotonic() + 18
        while len(os.listdir(folder)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
"""
NAMES = ["PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"]


def said(folder: Path) -> list[dict[str, str]]:
    return sorted((json.loads(file.read_text()) for file in folder.iterdir()), key=str)


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_each_worker_has_a_name_where_the_suite_reads_it(run: Run, tmp_path: Path, isolation: str) -> None:
    folder = tmp_path / "said"
    folder.mkdir()
    files = {f"test_{name}.py": MEETING.format(name=name, folder=str(folder), names=NAMES) for name in ("one", "two")}
    facts = run(files, isolation=isolation, workers=2, recheck_s=0)  # no test is run once more

    assert said(folder) == [
        {"PYTEST_XDIST_WORKER": name, "PYTEST_XDIST_WORKER_COUNT": "2", "input": name} for name in ("gw0", "gw1")
    ]
    assert "workers have names as with pytest-xdist, for PYTEST_XDIST_WORKER in test_one.py" in str(facts.isolation)


WAITING = """
    import os, time
    import pytest

    @pytest.mark.parametrize("n", range(4))
    def test_{name}(n):
        from conftest import NAME
        with open({log!r}, "a") as log:
            log.write(f"{{NAME}} {{os.environ['PYTEST_XDIST_WORKER']}}\\n")
        deadline = time.monotonic() + 18
        while len(set(open({log!r}).readlines())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
"""
WHEN_IMPORTED = "import os\nNAME = os.environ.get('PYTEST_XDIST_WORKER')\n"
#: as pytest-rerunfailures does it: a tool that prepares workers of xdist, and believes whoever has a name to be one
TOOL = """
    class Xdist:
        def pytest_configure_node(self, node): "as xdist has it"

    class Hooks:
        def pytest_configure_node(self, node): node.workerinput["port"] = 5000

    def pytest_addoption(parser):
        parser.addoption("--max-suite-reruns", type=int, default=None, dest="max_suite_reruns")

    def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(Xdist)

    def pytest_configure(config):
        assert getattr(config, "workerinput", {"port": 5000})["port"] == 5000
        config.pluginmanager.register(Hooks())
"""
WHEN_CONFIGURED = """
    def pytest_configure(config):
        global NAME
        NAME = config.workerinput["workerid"] if hasattr(config, "workerinput") else None
"""


@pytest.mark.parametrize("isolation", ["auto", "process", "file"])
@pytest.mark.parametrize(
    ("conftest", "word"), [(WHEN_IMPORTED, "PYTEST_XDIST_WORKER"), (WHEN_CONFIGURED, "workerinput")]
)
def test_a_suite_that_asks_before_its_tests_begin_has_workers_that_know_it_from_the_start(
    run: Run, tmp_path: Path, conftest: str, word: str, isolation: str
) -> None:
    log = tmp_path / "log"
    log.touch()
    files = {f"test_{name}.py": WAITING.format(name=name, log=str(log)) for name in ("one", "two")}
    facts = run({"conftest.py": conftest, **files}, isolation=isolation, workers=2)

    assert facts.accounting.passed == 8
    assert set(log.read_text().splitlines()) == {"gw0 gw0", "gw1 gw1"}
    if isolation != "process":
        assert f"since conftest.py asks for {word} before a test runs" in str(facts.isolation)


@pytest.mark.parametrize("isolation", ["auto", "process", "fork", "test"])
@pytest.mark.parametrize("asking", ["import", "test", "thread"])
def test_a_tool_that_prepares_workers_does_so_for_each_that_has_a_name_from_the_start(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolation: str, asking: str
) -> None:
    log = tmp_path / "log"
    log.touch()
    write_project(tmp_path / "installed", {"pytest_rerunfailures.py": TOOL})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    files = {
        "conftest.py": {"import": WHEN_IMPORTED, "test": "NAME = None\n", "thread": f"NAME = None\n{THREAD}"}[asking],
        **{f"test_{name}.py": WAITING.format(name=name, log=str(log)) for name in ("one", "two")},
    }
    start_method = {"import": "prepared", "test": "forked", "thread": "fresh"}[asking]
    for known in (None, start_method):
        facts = run(files, ("-p", "pytest_rerunfailures"), isolation=isolation, workers=2, start_method=known)

        assert (facts.accounting.passed, facts.beginning) == (8, start_method)


#: as pytest-retry does it: whoever has a name is told more by xdist, and only by xdist
TRUSTING = "def pytest_configure(config): getattr(config, 'workerinput', {'port': 5000})['port']\n"


@pytest.mark.parametrize("known", [None, "named"])
@pytest.mark.parametrize("isolation", ["auto", "process", "test"])
def test_workers_that_cannot_begin_with_a_name_get_it_when_they_begin_to_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolation: str, known: str | None
) -> None:
    log = tmp_path / "log"
    log.touch()
    write_project(tmp_path / "installed", {"trusting.py": TRUSTING})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "installed"))
    files = {f"test_{name}.py": WAITING.format(name=name, log=str(log)) for name in ("one", "two")}
    facts = run(
        {"conftest.py": WHEN_IMPORTED, **files}, ("-p", "trusting"), isolation=isolation, workers=4, start_method=known
    )

    assert facts.accounting.passed == 8
    assert all(re.fullmatch(r"None gw[0-3]", line) for line in log.read_text().splitlines())
    [sentence] = facts.neutralised
    assert sentence.startswith("names of workers, as with pytest-xdist: none that has one from the start can begin (")
    assert "KeyError: 'port'" in sentence


def test_workers_that_die_again_and_again_are_told_with_what_they_die_of(run: Run, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    once = f"import os\nif os.path.exists({str(mark)!r}): raise KeyError('here before')\nopen({str(mark)!r}, 'w')\n"
    facts = run({"conftest.py": once, "test_a.py": "def test_a(): pass\n"}, isolation="test", workers=1)
    assert facts.accounting.passed == 1  # a copy imports nothing

    facts = run({"conftest.py": once, "test_b.py": f"{THREAD}\ndef test_b(): pass\n"}, isolation="test", workers=1)
    assert "KeyError: 'here before'" in str(facts.problem)


def test_one_worker_has_none_as_in_a_plain_run(run: Run) -> None:
    test = "import os\n\ndef test_a():\n    assert 'PYTEST_XDIST_WORKER' not in os.environ\n"

    assert run({"test_a.py": test}, workers=1).accounting.passed == 1


def test_a_suite_that_only_asks_whether_it_runs_below_xdist_finds_that_it_does_not(run: Run) -> None:
    test = """
        import os
        import pytest

        @pytest.mark.skipif("PYTEST_XDIST_WORKER" in os.environ, reason="not below xdist")
        def test_a():
            assert os.environ.get("PYTEST_XDIST_WORKER") is None
    """

    assert run({"test_a.py": test, "test_b.py": "def test_b():\n    pass\n"}, workers=2).accounting.passed == 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("assert NAME not in os.environ", True),
        ("assert not os.getenv(NAME)", True),
        ("if os.environ.get(NAME): pass", True),
        ("IS_WORKER = os.environ.get(NAME) is not None", True),
        ("port = 5000 if NAME in os.environ else 6000", True),
        ("name = os.environ[NAME] if NAME in os.environ else ''", False),
        ("name = os.environ.get(NAME)", False),
        ("name = os.environ.get(NAME, 'main')", False),
        ("assert os.environ.get(NAME) == 'gw0'", False),
        ("run('echo $PYTEST_XDIST_WORKER')", False),
        ("count = os.environ['PYTEST_XDIST_WORKER_COUNT']", False),
    ],
)
def test_whether_a_file_reads_the_name_is_seen_in_its_source(line: str, expected: bool) -> None:
    source = line.replace("NAME", '"PYTEST_XDIST_WORKER"')

    assert only_asks_whether(source.encode(), "PYTEST_XDIST_WORKER") is expected


def test_a_suite_that_never_asks_sees_no_difference(run: Run) -> None:
    test = "import os\n\ndef test_a(request):\n    assert 'XDIST' not in str(os.environ)\n"
    test += "    assert not hasattr(request.config, 'worker' + 'input')\n"

    facts = run({"test_a.py": test}, workers=2)

    assert facts.accounting.passed == 1
    assert "names" not in str(facts.isolation)


def test_a_fixture_of_ones_own_called_worker_id_is_left_alone(run: Run) -> None:
    test = "import pytest\n\n@pytest.fixture\ndef worker_id():\n    return 'mine'\n\ndef test_a(worker_id):\n"
    facts = run({"test_a.py": f"{test}    assert worker_id == 'mine'\n"}, workers=2)

    assert facts.accounting.passed == 1


def test_a_suite_that_prepares_its_workers_itself_runs_as_in_a_plain_run(run: Run) -> None:
    files = {
        "conftest.py": "PREPARED_BY, TOLD_BY = 'pytest_configure_node', 'PYTEST_XDIST_WORKER'\n",
        "test_a.py": "import os\n\ndef test_a():\n    assert 'XDIST' not in str(os.environ)\n",
    }

    assert run(files, workers=2).accounting.passed == 1


#: as SQLAlchemy's own suite does it: the controller makes a database for each worker, and drops it afterwards
PREPARED = """
    import os

    class Hooks:
        def pytest_configure_node(self, node): "as xdist has it"
        def pytest_testnodedown(self, node, error): "as xdist has it"

    def pytest_addhooks(pluginmanager): pluginmanager.add_hookspecs(Hooks)

    def pytest_configure_node(node):
        node.workerinput["database"] = os.path.join({folder!r}, node.gateway.id + ".db")
        open(node.workerinput["database"], "w").close()
        open({log!r}, "a").write(f"made {{node.gateway.id}}\\n")

    def pytest_testnodedown(node, error):
        os.unlink(node.workerinput["database"])
        open({log!r}, "a").write(f"dropped {{node.gateway.id}}\\n")

    def pytest_configure(config):
        if hasattr(config, "workerinput"):
            config.database = config.workerinput["database"]
"""
USING = """
    import os, time
    import pytest

    @pytest.mark.parametrize("n", range(4))
    def test_{name}(n, request):
        database = request.config.database
        assert os.environ["PYTEST_XDIST_WORKER"] + ".db" == os.path.basename(database)
        open(database, "a").write("x")
        time.sleep(0.1)
"""


@pytest.mark.parametrize("isolation", ["auto", "process"])
def test_a_suite_that_prepares_its_workers_does_so_before_each_begins_and_tidies_up_after_it(
    run: Run, tmp_path: Path, isolation: str
) -> None:
    folder, log = tmp_path / "databases", tmp_path / "log"
    folder.mkdir()
    conftest = PREPARED.format(folder=str(folder), log=str(log))
    files = {f"test_{name}.py": USING.format(name=name) for name in ("one", "two")}
    facts = run({"conftest.py": conftest, **files}, isolation=isolation, workers=2)

    assert facts.accounting.passed == 8
    said = log.read_text().splitlines()
    assert sorted(said) == ["dropped gw0", "dropped gw1", "made gw0", "made gw1"]
    assert list(folder.iterdir()) == []
    assert "workers have names as with pytest-xdist, for pytest_configure_node in conftest.py" in str(facts.isolation)
    if isolation == "auto":
        assert "since each is prepared before it begins (pytest_configure_node in conftest.py)" in str(facts.isolation)


def test_a_suite_that_cannot_prepare_a_worker_is_told_why(run: Run) -> None:
    conftest = PREPARED.format(folder="/nowhere", log="/dev/null")
    facts = run({"conftest.py": conftest, "test_a.py": "def test_a(): pass\n"}, workers=2)

    assert facts.accounting.not_run == 1
    assert "KeyError: 'database'" in str(facts.problem)
    assert str(facts.problem).endswith("; --workers 1 avoids this: a single worker needs no name.")
