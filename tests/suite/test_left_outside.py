"""Tests that run once more find the temporary and the home folder as a plain run does, whatever others have left."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.target import find_protection
from tests.helpers import fingerprint
from tests.suite.conftest import Run
from tests.suite.projects import in_plain_pytest, outcomes, target_of

pytestmark = pytest.mark.slow

TOOLS = """
import shutil, tempfile
from pathlib import Path

def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()
"""

#: what a suite starts with its imports: it answers "lost" where its file is gone
SERVER = """
import socketserver, sys
from pathlib import Path

ROWS = Path("data", "rows.txt")  # below the folder that it was started in

class Rows(socketserver.StreamRequestHandler):
    rows = 0

    def handle(self):
        answer = b"lost" if Rows.rows and not ROWS.exists() else b"ok"
        ROWS.parent.mkdir(exist_ok=True)
        with ROWS.open("a") as file:
            file.write("row")
        Rows.rows += 1
        self.wfile.write(answer)

with socketserver.TCPServer(("127.0.0.1", 0), Rows) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""

STARTS = """
import atexit, socket, subprocess, sys, tempfile
from pathlib import Path

SERVER = subprocess.Popen(
    [sys.executable, Path(__file__).with_name("serving.py")],
    cwd=tempfile.mkdtemp(),
    stdout=subprocess.PIPE,
)
PORT = int(SERVER.stdout.readline())
atexit.register(SERVER.kill)

def ask():
    with socket.create_connection(("127.0.0.1", PORT)) as one:
        return one.recv(10)
"""

TEMPORARY, HOME = 'Path(tempfile.gettempdir(), "left")', 'Path.home() / ".left"'
#: what the first test wants, which the last one has had as well, and what a test between them does
FOUND = {
    "file": ("not {path}.exists()", "{path}.write_text('x')"),
    "folder": ("not {path}.exists()", "({path} / 'deep').mkdir(parents=True)"),
    "home-file": ("(Path.home() / '.mine').exists()", "(Path.home() / '.mine').unlink()"),
    "home-text": ("(Path.home() / '.mine').read_text() == 'mine'", "(Path.home() / '.mine').write_text('x')"),
    "home-folder": ("(Path.home() / '.folder' / 'a' / 'b').is_file()", "remove(Path.home() / '.folder')"),
    "home-anew": (
        "(Path.home() / '.folder' / 'a' / 'b').is_file()",
        "(remove(Path.home() / '.folder'), (Path.home() / '.folder' / 'c').mkdir(parents=True))",
    ),
    "import": ("EMPTY.is_dir() and KEPT.read_text() == '1'", "(EMPTY.rmdir(), KEPT.write_text('2'))"),
}
CASES = [(kind, place) for kind in ("file", "folder", "import") for place in (TEMPORARY, HOME)]
CASES += [(kind, "") for kind in FOUND if kind.startswith("home-")]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a file and a folder; plain runs get a temporary folder of their own."""
    for name in ("home", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "home" / ".mine").write_text("mine")
    (tmp_path / "home" / ".folder" / "a").mkdir(parents=True)
    (tmp_path / "home" / ".folder" / "a" / "b").write_text("b")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def plain(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The outcomes of plain pytest, which has to find an empty temporary folder; it runs last, and writes into both."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    assert home.is_dir()
    return in_plain_pytest(tmp_path)


@pytest.mark.parametrize(("kind", "path"), CASES)
def test_a_test_finds_what_it_finds_in_a_plain_run(
    run: Run, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, path: str
) -> None:
    (tmp_path / "project").mkdir(exist_ok=True)
    if "home" in f"{kind} {path}" and not find_protection(target_of(tmp_path / "project")).covers:
        pytest.skip("nothing here keeps tests from writing into the home folder")
    wants, does = (text.format(path=f"({path})") for text in FOUND[kind])
    at_import = f"""
EMPTY = {path}
KEPT = EMPTY.with_name(".kept")
EMPTY.mkdir()
KEPT.write_text("1")
"""
    files = {
        "tools.py": TOOLS + (at_import if kind == "import" else ""),
        "test_a.py": f"from tools import *\ndef test_first(): assert {wants}\n",
        "test_b.py": f"from tools import *\ndef test_leaves(): {does}\n",
        "test_c.py": f"from tools import *\ndef test_last(): assert not ({wants})\n",
    }
    before = fingerprint(home)

    facts = run(files, isolation="file", workers=2)

    assert fingerprint(home) == before
    assert outcomes(facts) == plain(tmp_path, home, monkeypatch)
    assert {*outcomes(facts).values()} == {"passed"}


def test_a_program_that_the_suite_has_started_keeps_its_files(run: Run) -> None:
    asks = "from server import ask\ndef test_it_is_there(): assert ask() == b'ok'\n"
    asks += "def test_fails(): assert ask() == b'no'\n"

    facts = run(
        {"serving.py": SERVER, "server.py": STARTS, "test_a.py": asks, "test_b.py": asks}, isolation="file", workers=2
    )

    assert {**outcomes(facts)} == {
        f"test_{file}.py::test_{name}": outcome
        for file in "ab"
        for name, outcome in (("it_is_there", "passed"), ("fails", "failed"))
    }
    assert {one.alone for one in facts.results if one.outcome == "failed"} == {"fails"}
