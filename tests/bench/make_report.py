"""How long ``make report`` takes once it is set up: to its first line, to its first count, and in all.

Run it in a clone that has been set up: ``python tests/bench/make_report.py [RUNS]``. It prints a line a run and the
medians. The bars are 2 s to the first line and 120 s in all, on two cores with nothing else to do.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKS = {"first line": ".", "first count": r"^collecting|^\d[\d,]* / ", "in all": "$^"}


def measure() -> dict[str, float]:
    """Seconds from the start of ``make report`` to each mark."""
    began, taken = time.perf_counter(), {}
    command = ["make", "--no-print-directory", "report"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr
        for line in run.stderr:
            for mark, pattern in MARKS.items():
                if mark not in taken and re.search(pattern, line):
                    taken[mark] = time.perf_counter() - began
    if run.returncode:
        sys.exit(f"make report failed with {run.returncode}")
    return {**taken, "in all": time.perf_counter() - began}


def main() -> None:
    """Measure as often as asked, and print."""
    runs = [measure() for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3)]
    for run in runs:
        print("  ".join(f"{mark} {seconds:.2f} s" for mark, seconds in run.items()))
    print("median  " + "  ".join(f"{mark} {statistics.median(run[mark] for run in runs):.2f} s" for mark in MARKS))


if __name__ == "__main__":
    main()
