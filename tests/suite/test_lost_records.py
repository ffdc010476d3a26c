"""A test that spoils the connection to kit gets its outcome, is not run for ever, and takes no other test along."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kit.suite.plan.ledger import Ledger
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

HEAD = "import os, pytest, stat\n\nNOTE = {note!r}\n"

LOOKING = "for fd in sorted(int(name) for name in os.listdir('/proc/self/fd') if int(name) > 2):"
SPOIL = """
def test_{n}_{name}():
    with open(NOTE, 'a') as file: file.write('{n}_{name}\\n')
    {loop}
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                {do}
        except OSError:
            pass
"""
FINE = """
def test_{n}_fine():
    with open(NOTE, 'a') as file: file.write('{n}_fine\\n')
"""
DO = {
    "writes": "os.write(fd, b'no newline')",
    "closes": "os.close(fd)",
    "replaces": "os.dup2(os.open(os.devnull, 2), fd)",
}


def suite(note: Path) -> dict[str, str]:
    tests = []
    for n, (name, do) in enumerate(DO.items()):
        tests += [FINE.format(n=n), SPOIL.format(n=n, name=name, loop=LOOKING, do=do)]
    return {"test_a.py": HEAD.format(note=str(note)) + "".join(tests) + FINE.format(n=9)}


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_what_looks_for_kits_descriptors_is_started_three_times_at_most(
    run: Run, tmp_path: Path, isolation: str
) -> None:
    facts = run(suite(tmp_path / "note"), isolation=isolation, recheck_s=0.0, workers=1)

    told = {nodeid.rpartition("::")[2]: outcome for nodeid, outcome in outcomes(facts).items()}
    assert {name: told[name] for name in told if name.endswith("fine")} == {
        f"test_{n}_fine": "passed" for n in (0, 1, 2, 9)
    }
    assert "not_run" not in told.values()
    assert max(Counter((tmp_path / "note").read_text().split()).values()) <= 3


BOARD = "next(line.split()[-1] for line in open('/proc/self/maps') if line.rstrip().endswith('/board'))"


def started(note: Path) -> Counter[str]:
    return Counter(note.read_text().split())


def noting(note: Path, name: str, body: str) -> str:
    lines = [f"with open({str(note)!r}, 'a') as file: file.write('{name}\\n')", *body.splitlines()]
    return f"def test_{name}():\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_tests_that_hide_what_they_are_do_not_end_the_run(run: Run, tmp_path: Path, isolation: str) -> None:
    """They end their process, after they have wiped out what tells kit which test runs."""
    note, wiping = tmp_path / "note", f"open({BOARD}, 'r+b').write(b'\\xff' * 64); os._exit(3)"
    tests = [noting(note, f"wipes_{n}", wiping) for n in range(5)] + [noting(note, "fine", "pass")]
    facts = run({"test_a.py": "import os\n\n" + "\n".join(tests)}, isolation=isolation, recheck_s=0.0, workers=1)

    told = {nodeid.rpartition("::")[2]: outcome for nodeid, outcome in outcomes(facts).items()}
    assert told == {"test_fine": "passed", **{f"test_wipes_{n}": "crashed" for n in range(5)}}
    assert max(started(note).values()) <= 3


def test_a_test_beside_one_that_kills_their_parent_is_not_called_crashed(run: Run, tmp_path: Path) -> None:
    note = tmp_path / "note"
    waiting = f"ends = time.time() + 5\nwhile 'long' not in open({str(note)!r}).read() and time.time() < ends: pass"
    files = {
        "test_a.py": noting(note, "kills", f"{waiting}\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(9)"),
        "test_b.py": noting(note, "fine", "pass"),  # a worker has its next test before it runs the one at hand
        "test_c.py": noting(note, "long", "time.sleep(1)"),
    }
    files = {name: f"import os, signal, time\n\n{test}" for name, test in files.items()}
    facts = run(files, isolation="fork", recheck_s=0.0, workers=2)

    told = {nodeid.rpartition("::")[2]: outcome for nodeid, outcome in outcomes(facts).items()}
    assert told == {"test_kills": "crashed", "test_fine": "passed", "test_long": "passed"}
    assert max(started(note).values()) <= 3


def test_a_test_that_has_ended_its_worker_is_not_run_again_with_others(run: Run, tmp_path: Path) -> None:
    note = tmp_path / "note"
    ends = noting(note, "ends", "os._exit(3)")
    needs = "import pathlib\n\ndef test_needs_the_first():\n    assert not pathlib.Path('a').exists()\n"
    makes = "import pathlib\n\ndef test_first():\n    pathlib.Path('a').touch()\n"
    files = {"test_a.py": "import os\n\n" + ends, "test_b.py": makes, "test_c.py": needs}
    facts = run(files, isolation="fork", workers=1)

    assert outcomes(facts)["test_c.py::test_needs_the_first"] == "failed"
    assert started(note) == {"ends": 1}


def test_the_ledger_knows_what_a_worker_has_begun() -> None:
    ledger = Ledger([(0, 1, 2, 3)])
    ledger.hand_out(0)
    ledger.finish(0, 1)

    assert ledger.begun(0, 2) == (0, 2)
    assert ledger.begun(0, None) == ()
    ledger.take_back(0)
    assert ledger.begun(0, 2) == ()
