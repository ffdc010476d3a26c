"""What an earlier file left in a fixture, a database or a file makes a test fail as in plain pytest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import outcomes

pytestmark = pytest.mark.slow

CONFTEST = """
    import io, itertools, multiprocessing, queue, random, sqlite3, subprocess, sys
    import pytest
    try: import app
    except ImportError: app = None

    class Account:
        __slots__ = ("amount",)
        def __init__(self): self.amount = 0

    class Shop:
        def __init__(self): self.orders = []

    class Clock:
        def now(self): return 1

    KEY = pytest.StashKey()
    CONNECTION = sqlite3.connect(":memory:", check_same_thread=False)
    CONNECTION.execute("create table users (name text)")
    ECHO = "import sys; n = 0\\nfor line in sys.stdin:\\n    n += 1\\n    print(n, flush=True)\\n"

    @pytest.fixture(scope="session")
    def basket(): return []
    @pytest.fixture(scope="session")
    def shop(): yield Shop()
    @pytest.fixture(scope="session")
    def account(): return Account()
    @pytest.fixture(scope="session")
    def numbers(): return itertools.count()
    @pytest.fixture(scope="session")
    def text(): return io.StringIO()
    @pytest.fixture(scope="session")
    def raw(): return [bytearray(b"a")]
    @pytest.fixture(scope="session")
    def jobs(): return queue.Queue()
    @pytest.fixture(scope="session")
    def chance(): return random.Random(1)
    @pytest.fixture(scope="session")
    def place(tmp_path_factory): return tmp_path_factory.mktemp("place")
    @pytest.fixture(scope="session")
    def hits():
        seen = []
        class Handler:
            def answer(self):
                seen.append(1)
                return len(seen)
        yield Handler().answer
    @pytest.fixture(scope="session")
    def database():
        connection = sqlite3.connect(":memory:")
        connection.execute("create table users (name text)")
        yield connection
        connection.close()
    @pytest.fixture
    def users(database):
        yield database
        database.rollback()
    @pytest.fixture(scope="session")
    def patches():
        with pytest.MonkeyPatch.context() as patch:
            yield patch
    @pytest.fixture(scope="session")
    def shared():
        with multiprocessing.Manager() as manager:
            yield manager.dict()
    def count(pipe):
        for number in itertools.count(1):
            pipe.recv()
            pipe.send(number)
    @pytest.fixture(scope="session")
    def counted():
        mine, other = multiprocessing.Pipe()
        process = multiprocessing.Process(target=count, args=(other,), daemon=True)
        process.start()
        yield lambda: (mine.send(0), mine.recv())[1]
        process.kill()
    @pytest.fixture
    def clock(): return Clock
    @pytest.fixture
    def connection(): return CONNECTION
"""

#: what a test of the first file does, and what one of the second file asserts; fixtures stand before the colon
PAIRS = {
    "a list": ("basket: basket.append(1)", "basket: assert basket == []"),
    "an instance": ("shop: shop.orders.append(1)", "shop: assert not shop.orders"),
    "slots": ("account: account.amount += 1", "account: assert account.amount == 0"),
    "a counter": ("numbers: next(numbers)", "numbers: assert next(numbers) == 0"),
    "a stream": ("text: text.write('a')", "text: assert text.getvalue() == ''"),
    "bytes": ("raw: raw[0].extend(b'b')", "raw: assert raw[0] == b'a'"),
    "a queue": ("jobs: jobs.put(1)", "jobs: assert jobs.empty()"),
    "random numbers": (
        "chance: chance.random()",
        "chance: assert chance.random() == __import__('random').Random(1).random()",
    ),
    "a folder": ("place: (place / 'a').write_text('')", "place: assert not (place / 'a').exists()"),
    "a closure": ("hits: hits()", "hits: assert hits() == 1"),
    "a manager": ("shared: shared['a'] = 1", "shared: assert not shared.copy()"),
    "a child": (": subprocess.Popen(['sleep', '9'])", ": pytest.raises(ChildProcessError, os.waitpid, -1, os.WNOHANG)"),
    "a process": ("counted: counted()", "counted: assert counted() == 1"),
    "rows": (
        "database: database.execute('insert into users values (1)')",
        "users: assert not users.execute('select * from users').fetchall()",
    ),
    "rows of a module": (
        "connection: connection.execute('insert into users values (1)')",
        "connection: assert not connection.execute('select * from users').fetchall()",
    ),
    "a patch that lasts": (
        "patches, clock: patches.setattr(clock, 'now', lambda self: 2)",
        "clock: assert clock().now() == 1",
    ),
    "pytest's stash": (
        "pytestconfig: pytestconfig.stash[__import__('conftest').KEY] = 1",
        "pytestconfig: assert __import__('conftest').KEY not in pytestconfig.stash",
    ),
    "pytest's configuration": (
        "pytestconfig: pytestconfig.token = 1",
        "pytestconfig: assert not hasattr(pytestconfig, 'token')",
    ),
    "pytest's options": (
        "pytestconfig: pytestconfig.option.durations_min = 7.0",
        "pytestconfig: assert pytestconfig.getoption('--durations-min') != 7.0",
    ),
    "a plugin": (
        "pytestconfig: pytestconfig.pluginmanager.register(__import__('strict'))",
        ": pass",
    ),
    "pytest's node of a folder": (
        "request: request.node.parent.parent.note = 1",
        "request: assert not hasattr(request.node.parent.parent, 'note')",
    ),
    "the stash of a folder": (
        "request: request.node.parent.parent.stash[__import__('conftest').KEY] = 1",
        "request: assert __import__('conftest').KEY not in request.node.parent.parent.stash",
    ),
    "a marker of a folder": (
        "request: request.node.parent.parent.add_marker(pytest.mark.slow)",
        "request: assert not request.node.get_closest_marker('slow')",
    ),
    "a new file": (": open('new.txt', 'w').write('a')", ": assert not os.path.exists('new.txt')"),
    "an edited file": (": open('data.txt', 'a').write('b')", ": assert open('data.txt').read() == 'a\\n'"),
    "a removed file": (": os.remove('data.txt')", ": assert os.path.exists('data.txt')"),
    "a numbered folder": (
        "tmp_path_factory: tmp_path_factory.mktemp('data')",
        "tmp_path_factory: assert tmp_path_factory.mktemp('data').name == 'data0'",
    ),
    "a folder that is made twice": (
        "tmp_path_factory: tmp_path_factory.mktemp('data', numbered=False)",
        "tmp_path_factory: tmp_path_factory.mktemp('data', numbered=False)",
    ),
    "a file beside pytest's folders": (
        "tmp_path_factory: (tmp_path_factory.getbasetemp() / 'kept.txt').touch()",
        "tmp_path_factory: assert not (tmp_path_factory.getbasetemp() / 'kept.txt').exists()",
    ),
    "a module that is made anew": (
        ": __import__('app'); del sys.modules['app']; __import__('app')",
        ": __import__('app'); assert sys.modules['app'] is __import__('conftest').app",
    ),
    "the standard output of Python's start": (
        ": sys.__stdout__ = __import__('io').StringIO()",
        ": assert sys.__stdout__.fileno() >= 0",
    ),
    "a file of another program": (
        ": subprocess.run([sys.executable, '-c', 'open(\"new.txt\", \"w\")'])",
        ": assert not os.path.exists('new.txt')",
    ),
}


def written(name: str, test: str) -> str:
    fixtures, _, body = test.partition(":")
    fine = "def test_fine():\n    assert True\n"
    return f"import os, pytest, subprocess, sys\n{fine}\ndef test_{name}({fixtures}):\n    {body.strip()}\n"


@pytest.mark.parametrize("name", PAIRS)
def test_plain_order_counts(run: Run, name: str) -> None:
    changes, reads = PAIRS[name]
    files = {
        "conftest.py": CONFTEST,
        "app.py": "",
        "strict.py": "def pytest_runtest_call(item): assert item.name != 'test_reads'\n",
        "data.txt": "a\n",
        "test_a.py": written("changes", changes),
        "test_b.py": written("reads", reads),
    }

    facts = run(files, isolation="file")

    assert outcomes(facts)["test_b.py::test_reads"] == "failed"
    assert facts.accounting.passed == 3


@pytest.mark.parametrize(
    ("path", "present"),
    [
        (".apprc", ()),
        (".config/app/settings", ()),
        (".app/settings", (".app/",)),
        (".app/settings", (".app/", ".app/settings")),
        (".config/app/settings", (".config/", ".config/app/", ".config/app/settings")),
    ],
)
def test_plain_order_counts_for_files_of_the_home_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, present: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in present:
        (home / name).mkdir() if name.endswith("/") else (home / name).touch()
    monkeypatch.setenv("HOME", str(home))
    find = f"import time; file = os.path.expanduser('~/{path}')"
    write = "time.sleep(1); os.makedirs(os.path.dirname(file), exist_ok=True); open(file, 'w').write('on')"
    files = {
        "test_a.py": written("changes", f": {find}; {write}"),
        "test_b.py": written("reads", f": {find}; assert not os.path.exists(file) or not open(file).read()"),
    }

    facts = run(files, isolation="file", workers=2)  # the second file reads before the first one writes

    assert outcomes(facts)["test_b.py::test_reads"] == "failed"
    assert facts.accounting.passed == 3


def test_a_test_whose_folder_has_a_number_because_of_another_file_passes(run: Run) -> None:
    files = {
        "test_a.py": written("changes", "tmp_path_factory: tmp_path_factory.mktemp('data')"),
        "test_b.py": written("reads", "tmp_path_factory: assert tmp_path_factory.mktemp('data').name == 'data1'"),
    }

    facts = run(files, isolation="file")

    assert facts.accounting.passed == 4


def test_folders_of_tests_with_the_same_name_are_not_run_again(run: Run) -> None:
    files = dict.fromkeys(("test_a.py", "test_b.py"), "def test_writes(tmp_path):\n    (tmp_path / 'a').touch()\n")

    told: list[str] = []

    facts = run(files, isolation="file", on_event=lambda event: told.append(event["kind"]))

    assert facts.accounting.passed == 2
    assert "rechecking" not in told


def test_a_test_that_needs_what_another_file_left_in_a_fixture_passes(run: Run) -> None:
    files = {
        "conftest.py": CONFTEST,
        "test_a.py": written("changes", "basket: basket.append(1)"),
        "test_b.py": written("reads", "basket: assert basket == [1]"),
    }

    assert run(files, isolation="file").is_fine


@pytest.mark.parametrize("change", ["pass", "users.execute('insert into users values (1)')"])
def test_rows_that_are_rolled_back_cost_no_second_run(run: Run, change: str) -> None:
    files = {
        "conftest.py": CONFTEST,
        "test_a.py": written("changes", f"users: {change}"),
        "test_b.py": written("reads", "users: assert not users.execute('select * from users').fetchall()"),
    }
    told: list[str] = []

    facts = run(files, isolation="file", on_event=lambda event: told.append(event["kind"]))

    assert facts.is_fine
    assert "rechecking" not in told
