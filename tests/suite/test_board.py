from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kit.probes
from kit.suite.process.board import Board

pytestmark = pytest.mark.slow

PROBES = kit.probes.FOLDER

#: the probe's side, which writes as fast as it can until its input is closed
WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from start import load

BoardSlot = load("suite.channel").BoardSlot
from kit_probe.wire.layout import CALL

board = BoardSlot(sys.argv[2])
board.use(1)
board.say("tests/test_é.py")
index = 0
board.begin(index, CALL)
print("ready", flush=True)
while True:
    index += 1
    board.begin(index, CALL)
"""


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    board = Board(tmp_path / "board", 3)
    yield board
    board.close()


@pytest.fixture
def writer(board: Board) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WRITER, PROBES, str(board.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_nothing_runs_in_a_slot_that_nobody_uses(board: Board) -> None:
    current = board.read(0)

    assert (current.index, current.phase) == (None, None)
    assert current.seconds < 1


def test_a_reading_is_never_half_of_one_test_and_half_of_another(board: Board, writer: subprocess.Popen[str]) -> None:
    """A torn reading would make a test look as if it had been running since the machine was started."""
    until_told = time.monotonic() + 60
    while board.read(1).phase is None:  # where the first readings are all torn, the slot is as it was cleared
        assert time.monotonic() < until_told
    deadline = time.monotonic() + 1
    seen = []
    while time.monotonic() < deadline:
        current = board.read(1)
        seen.append(current.index or 0)
        assert current.phase == "call"
        assert current.seconds < 1
    assert seen == sorted(seen)
    assert len(set(seen)) > 10


def test_the_file_that_is_collected_is_told(board: Board, writer: subprocess.Popen[str]) -> None:
    assert board.collecting(1) == "tests/test_é.py"
    assert board.collecting(0) == ""


def test_a_slot_that_is_cleared_knows_nothing_of_what_ran_there(board: Board, writer: subprocess.Popen[str]) -> None:
    writer.kill()
    writer.wait()
    board.clear(1)

    assert board.read(1).index is None
