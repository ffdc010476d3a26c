"""Copy-on-write overlays: workers whose tests share files run at the same time and do not see each other's changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import psutil
import pytest

import kit.probes
from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.facts.suite import SuiteFacts
from kit.suite import PlainDisplay, Progress, run_suite
from kit.suite.process.overlays import overlays_work
from kit.suite.process.workspace import Workspace
from tests.helpers import fingerprint, write_project
from tests.suite.conftest import run_options
from tests.suite.projects import by_name, outcomes, target_of
from tests.suite.test_event_schema import problems

NOBODY = 65534

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not overlays_work(sys.executable), reason="this machine gives no process its own mounts"),
]

BOTH = pytest.mark.parametrize("isolation", ["fork", "process"])

#: keeps the tests of a file in one batch; whoever runs the first of two does not ask for another batch meanwhile
TOGETHER = """
import pytest

@pytest.fixture(scope="module", autouse=True)
def together():
    yield

def test_more():
    pass
"""

#: a test waits for the one of the other file to come as far, but not for ever: it may run alone
MEET = """
import time
from pathlib import Path

def meet(mine, other):
    folder = Path({folder!r})
    (folder / mine).touch()
    deadline = time.monotonic() + 2
    while not (folder / other).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.5)  # also when they are run once more
"""

FOLDER = """
    import os
    from meeting import meet

    def test_{mine}():
        os.mkdir("static")
        meet("{mine}", "{other}")
        os.rmdir("static")
        open("{mine}.txt", "w").close()
"""

DATABASE = """
    import os, sqlite3
    from meeting import meet

    def test_{mine}():
        connection = sqlite3.connect("shop.db", timeout=0.1)
        connection.execute("create table users (name text)")
        connection.execute("insert into users values ('{mine}')")
        meet("{mine}", "{other}")
        connection.commit()
        assert connection.execute("select name from users").fetchall() == [("{mine}",)]
        connection.close()
        os.remove("shop.db")
"""


def two(source: str, folder: Path) -> dict[str, str]:
    """A project of two files that do the same at the same time; ``folder`` is where they meet."""
    return {
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "meeting.py": MEET.format(folder=str(folder)),
        "shop.txt": "open",
        "test_a.py": dedent(source.replace("{mine}", "a").replace("{other}", "b")) + TOGETHER,
        "test_b.py": dedent(source.replace("{mine}", "b").replace("{other}", "a")) + TOGETHER,
    }


class Tree:
    """A scratch copy of a small project that outlives its runs."""

    def __init__(self, folder: Path) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.beside = folder / "copy"
        self.root = self.beside / "project"
        self.meeting = folder / "meeting"
        self.meeting.mkdir()

    def run(self, files: Mapping[str, str], *, resume: bool = False, stop_at: str = "", **options: Any) -> SuiteFacts:
        write_project(self.root, files)
        self._stop_at = stop_at
        return run_suite(
            target_of(self.root),
            events=self.beside.parent / "events.jsonl",
            options=run_options({"overlays": True, **options}),
            workspace=Workspace(self.root),
            resume=resume,
            on_event=self._note,
        )

    def said(self, kind: str) -> list[Mapping[str, Any]]:
        return [event for event in self.events if event["kind"] == kind]

    @property
    def left(self) -> set[str]:
        """What stands in the copy, but for what Python and pytest keep."""
        return {path for path in fingerprint(self.root) if "cache" not in path}

    @property
    def overlays(self) -> list[Path]:
        return [*self.beside.glob("kit-*/overlay-*")]

    def _note(self, event: Mapping[str, Any]) -> None:
        self.events.append({**event, "overlays": len(self.overlays)} if event["kind"] == "child" else event)
        if event["kind"] == self._stop_at:
            raise KeyboardInterrupt


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def mounts_of(root: Path) -> list[int]:
    """The processes that see something mounted there."""
    found = []
    for pid in psutil.pids():
        try:
            if str(root) in Path(f"/proc/{pid}/mountinfo").read_text():
                found.append(pid)
        except OSError:
            continue
    return found


@BOTH
@pytest.mark.parametrize("source", [FOLDER, DATABASE], ids=["folder", "database"])
def test_tests_that_share_files_pass_side_by_side_and_nothing_of_it_is_seen(
    tree: Tree, source: str, isolation: str
) -> None:
    files = two(source, tree.meeting)
    facts = tree.run(files, isolation=isolation)

    assert set(outcomes(facts).values()) == {"passed"}
    assert str(facts.isolation).endswith("with a copy-on-write overlay of the files")
    assert (facts.views, facts.shares, tree.said("rechecking")) == (True, None, [])
    assert tree.left == set(files)
    assert (os.listdir(tree.beside), mounts_of(tree.root)) == (["project"], [])  # noqa: PTH208
    assert [problem for event in tree.said("views") for problem in problems(dict(event))] == []


def test_a_suite_that_has_a_file_of_its_tree_open_gets_overlays_in_its_first_run(tree: Tree) -> None:
    files = {**two(FOLDER, tree.meeting), "conftest.py": "LOG = open('session.log', 'w')\n"}
    facts = tree.run(files, overlays=False, overlays_if_written=True)

    assert set(outcomes(facts).values()) == {"passed"}
    assert (facts.views, facts.shares, tree.said("rechecking")) == (True, None, [])
    assert str(facts.isolation).endswith("(session.log); each with a copy-on-write overlay of the files")


def test_a_file_elsewhere_that_is_open_needs_no_overlays(tree: Tree, tmp_path: Path) -> None:
    files = {"conftest.py": f"LOG = open({str(tmp_path / 'log')!r}, 'w')\n", "test_a.py": "def test_a(): pass\n"}
    facts = tree.run(files, overlays=False, overlays_if_written=True)

    assert (facts.views, str(facts.isolation).endswith("(log)")) == (None, True)


def test_who_may_write_where_a_mode_forbids_it_still_may_in_an_overlay(tmp_path: Path) -> None:
    """Root may, as in many containers; the copy is in the place of a tree whose folders can only be read."""
    write = "from pathlib import Path\n\ndef test_it():\n    Path('made.txt').write_text('x')\n"
    root = write_project(tmp_path / "project", {"test_a.py": write, "test_b.py": write})
    root.chmod(0o555)
    options = run_options({"overlays": True})

    facts = run_suite(target_of(root), events=tmp_path / "events.jsonl", options=options)

    expected = {"passed"} if os.geteuid() == 0 else {"failed"}
    assert (set(outcomes(facts).values()), facts.views) == (expected, True)


def test_without_overlays_they_do_not(tree: Tree) -> None:
    facts = tree.run(two(FOLDER, tree.meeting), overlays=False)

    assert {result.alone for result in facts.results} <= {"fails_beside_others", "flaky", None}
    assert set(outcomes(facts).values()) == {"passed"}
    assert (facts.views, "next run" in str(facts.shares)) == (None, True)


def test_what_a_test_needs_of_an_earlier_file_it_gets_in_a_plain_run_whose_outcome_counts(tree: Tree) -> None:
    files = {
        "test_a.py": "def test_writes(): open('rows', 'w').write('ada')\n",
        "test_b.py": """
            def test_reads(): assert open('rows').read() == 'ada'
            def test_differs():
                try: open('rows').close()
                except OSError: raise
                raise ValueError('not the same as without the file')
            def test_fails(): assert 1 == 2
        """,
    }
    facts = tree.run(files, isolation="file")

    results = by_name(facts)
    assert {name: (result.outcome, result.alone) for name, result in results.items()} == {
        "test_writes": ("passed", None),
        "test_reads": ("passed", "needs_others"),
        "test_differs": ("failed", "fails"),
        "test_fails": ("failed", "fails"),
    }
    assert facts.failures[str(results["test_differs"].failure)].raised.type == "ValueError"
    assert (facts.views, "--workers 1" in str(facts.shares)) == (False, True)
    assert [event["help"] for event in tree.said("views")] == [True, False]
    assert tree.left == set(files)


def test_who_goes_on_with_an_interrupted_run_knows_that_its_workers_had_overlays(tree: Tree) -> None:
    files = {
        "test_a.py": "def test_writes(): open('rows', 'w').write('ada')\n",
        "test_b.py": "def test_reads(): assert open('rows').read() == 'ada'\n",
    }
    with pytest.raises(KeyboardInterrupt):
        tree.run(files, isolation="file", stop_at="rechecking")
    facts = tree.run(files, isolation="file", resume=True, overlays=False)

    assert by_name(facts)["test_reads"].alone == "needs_others"
    assert set(outcomes(facts).values()) == {"passed"}
    assert facts.views is False


def test_failures_that_are_explained_cost_no_plain_run(tree: Tree) -> None:
    files = {"test_a.py": "def test_a(): assert 1 == 2\n", "test_b.py": "def test_b(): pass\n"}
    (first, _) = tree.run(files).results
    tree.events.clear()
    facts = tree.run(files, explained={first.nodeid: (first.failure, "fails")})

    assert [result.alone for result in facts.results] == ["fails", None]
    assert (facts.views, tree.said("rechecking")) == (True, [])


def test_no_folder_and_no_mount_is_left_of_a_child_that_is_killed_or_leaves_processes(tree: Tree) -> None:
    dies = "import os, subprocess\n" + "\n".join(
        f"def test_{n}():\n    os.makedirs(f'{{__name__}}/locked')\n    os.chmod(__name__, 0)\n    {what}\n"
        for n, what in enumerate(
            ["subprocess.Popen(['sleep', '60'], start_new_session=True)", "os.kill(os.getpid(), 9)", "os._exit(3)"]
        )
    )
    facts = tree.run({"test_a.py": dies, "test_b.py": dies}, isolation="test")

    assert sorted(outcomes(facts).values()) == ["crashed"] * 4 + ["passed"] * 2
    ended = [event for event in tree.said("child") if event["state"] != "started"]
    # the last but one runs no test: it looks for tests that can see the children and the folders that were left, which
    # the last one runs in plain order
    assert len(ended) == 8
    assert 1 <= max(event["overlays"] for event in ended) <= 2
    assert ended[-1]["overlays"] == 0
    assert (os.listdir(tree.beside), mounts_of(tree.root)) == (["project"], [])  # noqa: PTH208


def test_a_worker_that_gets_no_view_goes_on_without_it_and_that_is_told(tree: Tree) -> None:
    refusing = "import ctypes\n\ndef refuse(*_, **__):\n    raise OSError('not today')\n\nctypes.CDLL = refuse\n"
    passing = "def test(): pass\n"
    facts = tree.run({"conftest.py": refusing, "test_a.py": passing, "test_b.py": passing})

    assert set(outcomes(facts).values()) == {"passed"}
    assert facts.views is False
    assert "not today" in tree.said("views")[-1]["why"]


NEEDY = {
    "test_a.py": """
        from meeting import meet

        def test_writes():
            open("rows", "w").write("ada")

        def test_locks():
            open("lock", "x").close()
            meet("a", "b")
            __import__("os").unlink("lock")
    """,
    "test_b.py": """
        from meeting import meet

        def test_locks():
            open("lock", "x").close()
            meet("b", "a")
            __import__("os").unlink("lock")

        def test_reads():
            assert open("rows").read() == "ada"
    """,
}


def runs_in_a_row(folder: Path, files: Mapping[str, str], number: int) -> Iterator[tuple[SuiteFacts, int]]:
    """What runs of ``kit run`` come to, and by how many workers."""
    root = write_project(folder / "project", {"pytest.ini": "[pytest]\npythonpath = .\n", **files})
    request = CaseOptions.of(str(root), python=sys.executable, reports_dir=str(folder / "reports"))
    for _ in range(number):
        for mark in (folder / "meeting").iterdir():
            mark.unlink()
        investigation = Investigation.start(request)
        facts = investigation.run_tests()
        sessions = (json.loads(line) for line in investigation.events.read_text().splitlines())
        workers = next(event["workers"] for event in sessions if event["kind"] == "session")
        investigation.store.close()
        yield facts, workers


def test_where_files_need_each_other_every_run_ends_as_a_plain_one_and_one_worker_follows(tree: Tree) -> None:
    needy = {name: dedent(source) + TOGETHER for name, source in NEEDY.items()}
    files = {"meeting.py": MEET.format(folder=str(tree.meeting)), **needy}
    first, second, third = runs_in_a_row(tree.meeting.parent, files, 3)

    for facts, _ in (first, second, third):
        assert set(outcomes(facts).values()) == {"passed"}
    assert [workers for _, workers in (first, second, third)] == [2, 2, 1]
    assert [facts.views for facts, _ in (first, second, third)] == [None, False, False]
    assert first[0].shares != second[0].shares == third[0].shares


def test_where_overlays_keep_tests_apart_they_are_taken_from_the_second_run_on(tree: Tree) -> None:
    files = two(FOLDER, tree.meeting)
    first, second, third = runs_in_a_row(tree.meeting.parent, files, 3)

    for facts, _ in (first, second, third):
        assert set(outcomes(facts).values()) == {"passed"}
    assert [workers for _, workers in (first, second, third)] == [2, 2, 2]
    assert [facts.views for facts, _ in (first, second, third)] == [None, True, True]


#: takes a view as a user without rights, and tells what it may do
AS_NOBODY = """
import ctypes, json, os, sys
sys.path.insert(0, sys.argv[1])
from start import load

try_view = load("system.overlay").try_view

if os.getuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[3]))
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as after an exec
os.chdir(sys.argv[2])
os.chdir("root")
before = os.getuid(), os.getgid()
why = try_view(os.getcwd(), "../view")
open("new", "w").close()
try:
    secret = open("../secret").read()
except PermissionError:
    secret = None
rights = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm"))]
same = before == (os.getuid(), os.getgid())
print(json.dumps({"why": why, "secret": secret, "rights": rights, "same": same, "seen": os.listdir(".")}))
"""


def test_a_user_without_rights_has_a_view_too_and_gets_no_rights_by_it() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "root").mkdir()
        (folder / "secret").write_text("secret")
        (folder / "secret").chmod(0)
        if os.getuid() == 0:
            for path in (folder, folder / "root", folder / "secret"):
                os.chown(path, NOBODY, NOBODY)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, kit.probes.FOLDER, name, str(NOBODY)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        if said["why"]:
            pytest.skip(f"this machine lets no user have namespaces: {said['why']}")

        assert (said["secret"], said["same"], said["seen"]) == (None, True, ["new"])
        assert {int(rights, 16) for rights in said["rights"]} == {0}
        assert not (folder / "root" / "new").exists()


def test_an_interpreter_that_cannot_take_a_view_is_told_from_one_that_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert overlays_work(sys.executable)
    assert not overlays_work("/bin/false")
    assert not overlays_work(str(tmp_path / "nothing"))
    assert [*tmp_path.iterdir()] == []


class Interrupting(PlainDisplay):
    """Presses Ctrl-C as soon as there is something to see."""

    def show(self, progress: Progress) -> None:
        raise KeyboardInterrupt


def test_what_is_known_of_a_suite_outlives_a_run_that_is_interrupted(tmp_path: Path) -> None:
    root = write_project(tmp_path / "project", {"test_a.py": "def test(): pass\n"})
    request = CaseOptions.of(str(root), python=sys.executable, reports_dir=str(tmp_path / "reports"))
    first = Investigation.start(request)
    known = SuiteFacts(shares="Tests share a file.", views=False, beginning="named")
    first.store.save_suite(first.case.id, known)
    second = Investigation.start(request)
    with pytest.raises(KeyboardInterrupt):
        second.run_tests(display=Interrupting())

    then = second.store.history(second.target.root)
    assert (then.shared_state, then.overlays, then.start_method) == (known.shares, known.views, known.beginning)
    first.store.close()
    second.store.close()
