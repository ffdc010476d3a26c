"""A run as somebody sees it in a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers import write_project

pytestmark = pytest.mark.slow

WIDTH = 60
PROJECT = {
    "pytest.ini": "[pytest]\n",
    "test_a.py": """
        import time
        import pytest

        @pytest.mark.parametrize("n", range(40))
        def test_a_name_that_is_much_too_long_for_such_a_narrow_terminal_and_so_must_be_cut(n):
            time.sleep(0.1)
            assert n % 2, f"row {n} is gone"
    """,
}


def seen_in_a_terminal(folder: Path, *arguments: str) -> str:
    """All that kit writes to a terminal of 24 lines and ``WIDTH`` columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "kit", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        chunks = []
        with suppress(OSError):  # the other side is closed
            while chunk := os.read(ours, 1 << 16):
                chunks.append(chunk)
    os.close(ours)
    return b"".join(chunks).decode()


def test_a_terminal_shows_counts_workers_and_kinds_in_place_and_the_next_command_last(tmp_path: Path) -> None:
    write_project(tmp_path / "shop", PROJECT)

    said = seen_in_a_terminal(tmp_path, "run", "shop", "--case", "c", "--recheck-s", "0")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said)
    lines = re.split(r"[\r\n]+", plain)

    assert any(re.match(r"1: \d.* s …", line) for line in lines), "what a worker runs, and for how long"
    assert any(re.match(r"\d+ \N{MULTIPLICATION SIGN} AssertionError: row \d+ is gone", line) for line in lines)
    assert any(re.match(r"40 / 40 · 20 passed · 20 failed", line) for line in lines)
    assert "\x1b[1A" in said, "it is drawn again in place"
    assert "\x1b[?25h" in said, "the cursor is there again"
    assert lines[-2:] == ["kit: next: kit run --failed c", ""]
    ours = [line for line in lines if not line.startswith("kit: ")]
    assert max(map(len, ours)) <= WIDTH
