"""What a command costs: wall time, CPU time of all its processes, and the peak of their memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.platform.linux.guard import descendants

_COUNTED = Path(__file__).with_name("counted.py")

#: how often memory is looked at, in seconds
_SAMPLE_EVERY = 0.2


@dataclass(frozen=True)
class Cost:
    """Seconds of wall and CPU time, the peak of the proportional memory in MB (0: not sampled), and the exit code."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    code: int


def measure(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str],
    output: Path | None = None,
    memory: bool = False,
    limit_s: float = 900.0,
) -> Cost:
    """Run ``command`` in ``folder``; its standard output goes to ``output``.

    A command that takes longer than ``limit_s`` is ended: a ``RuntimeError``. With ``memory`` the proportional set size
    of all its processes is added up every 0.2 s. That takes processor time of this process, which is not counted but
    can hold the command up: do not compare wall times with and without.
    """
    with tempfile.TemporaryDirectory() as private:
        report, errors = Path(private, "report"), Path(private, "errors")
        with (output or Path(os.devnull)).open("wb") as stdout, errors.open("wb") as stderr:
            counted = subprocess.Popen(
                [sys.executable, "-I", "-S", _COUNTED, report, *command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
            )
            peak = _follow(counted, limit_s, memory=memory)
        if not report.exists():
            raise RuntimeError(f"{command} took too long or could not be started: {errors.read_text()[-2000:]}")
        figures = json.loads(report.read_text())
    code = os.waitstatus_to_exitcode(figures["status"])
    return Cost(figures["wall_s"], figures["cpu_s"], peak, code)


def _follow(process: subprocess.Popen[bytes], limit_s: float, *, memory: bool) -> float:
    """Wait for its end; the peak of the memory below it, in MB."""
    peak, deadline = 0, time.monotonic() + limit_s
    while True:
        try:
            process.wait(_SAMPLE_EVERY if memory else limit_s)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                for pid in [process.pid, *descendants(process.pid)]:
                    os.kill(pid, 9)
            elif memory:
                peak = max(peak, sum(map(_proportional, descendants(process.pid))))
            continue
        return peak / 1024


def _proportional(pid: int) -> int:
    """Its share of the memory in kB: pages that several processes have are divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # gone meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
