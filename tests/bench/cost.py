"""kit's own cost: ``python tests/bench/cost.py``. A suite of tests that do nothing, in three sizes.

Printed are CPU time of all processes under kit and under plain pytest, kit's cost for 1,000 tests (bar: 1.0 s: what kit
takes for each 1,000 more, pytest's own share included, and what is on top of plain pytest), how long after the start
the first live line comes (bar 1 s), and how long after the end of collection the first result (bar 0.5 s).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measuring import measure

ROUNDS = 5
SIZES = (1, 1_000, 5_000)
_A_FILE = 100


def write_suite(root: Path, tests: int) -> Path:
    """A suite of so many functions that do nothing, 100 in a file."""
    root.mkdir()
    for number in range(0, tests, _A_FILE):
        names = range(number, min(number + _A_FILE, tests))
        (root / f"test_{number:05}.py").write_text("".join(f"def test_{name}():\n    pass\n\n" for name in names))
    return root


def main() -> None:
    """Measure everything."""
    kit_s, plain_s = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            suite = write_suite(Path(folder, f"suite{size}"), size)
            reports = ["--reports-dir", Path(folder, "reports")]
            kit = [sys.executable, "-m", "kit", "run", suite, *reports, "--format", "json"]
            plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
            pairs = [
                [measure(command, folder=suite, environment=os.environ).cpu_s for command in (kit, plain)]
                for _ in range(ROUNDS)
            ]
            kit_s[size], plain_s[size] = map(statistics.median, zip(*pairs, strict=True))
            print(f"{size:>5} tests: kit {kit_s[size]:.2f} s CPU, plain pytest {plain_s[size]:.2f} s")
        thousands = (SIZES[-1] - SIZES[0]) / 1_000
        ours, theirs = ((cost[SIZES[-1]] - cost[SIZES[0]]) / thousands for cost in (kit_s, plain_s))
        print(f"each 1,000 more: kit {ours:.2f} s CPU, plain pytest {theirs:.2f} s, on top {ours - theirs:.2f} s")
        print(f"1,000 tests, kit less kit with one test: {kit_s[1_000] - kit_s[1]:.2f} s CPU (bar 1.0)")
        pairs = [first_signs(Path(folder, f"suite{SIZES[-1]}"), Path(folder)) for _ in range(ROUNDS)]
        line, result = map(statistics.median, zip(*pairs, strict=True))
        print(f"first live line after {line:.2f} s (bar 1)")
        print(f"first result {result:.3f} s after the end of collection (bar 0.5)")


def first_signs(suite: Path, folder: Path) -> tuple[float, float]:
    """Seconds from the start to the first live line, and from the end of collection to the first result."""
    reports = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "kit", "run", suite, "--reports-dir", reports, "--case", "c"]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        while line := process.stderr.readline():
            if b"collect" in line or b"passed" in line:
                first = time.monotonic() - began
                break
        process.stderr.read()
    events = [json.loads(event) for event in (reports / "c" / "events.jsonl").read_text().splitlines()]
    at = {kind: next(event["at"] for event in events if event["kind"] == kind) for kind in ("ready", "finished")}
    return first, at["finished"] - at["ready"]


if __name__ == "__main__":
    main()
