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


def test_the_ledger_knows_what_a_worker_has_begun() -> None:
    ledger = Ledger([(0, 1, 2, 3)])
    ledger.hand_out(0)
    ledger.finish(0, 1)

    assert ledger.begun(0, 2) == (0, 2)
    assert ledger.begun(0, None) == ()
    ledger.take_back(0)
    assert ledger.begun(0, 2) == ()
