"""120 tests, five of which end or stop their process: ``python tests/bench/killers.py``.

On every isolation all 120 have to be reported, and none of the 115 harmless ones may be lost.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measuring import measure

ISOLATIONS = ("fork", "process", "file", "test")

FILES, TESTS = 6, 20

_KILLERS = {
    1: "import os; os._exit(0)",
    2: "import ctypes; ctypes.string_at(0)",
    3: "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    4: "import time\n    while True: time.sleep(1)",
    5: "import ctypes, signal\n    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))"
    "\n    ctypes.CDLL(None).sleep(600)",
}


def write_suite(root: Path) -> Path:
    """Six files of 20 tests, five of which hold a killer."""
    root.mkdir()
    for file in range(FILES):
        lines = [
            f"def test_{number:02}():\n    {_KILLERS[file] if number == 7 and file in _KILLERS else 'assert True'}\n"
            for number in range(TESTS)
        ]
        (root / f"test_{file}.py").write_text("\n".join(lines))
    return root


def main() -> None:
    """Run the suite on every isolation; exit with 1 when something was lost."""
    lost_any = False
    for isolation in ISOLATIONS:
        with tempfile.TemporaryDirectory() as folder:
            suite, output = write_suite(Path(folder, "suite")), Path(folder, "output")
            options = ["--isolation", isolation, "--timeout-s", "5", "--format", "json"]
            command = [sys.executable, "-m", "kit", "run", suite, "--reports-dir", Path(folder, "reports"), *options]
            cost = measure(command, folder=suite, environment=os.environ, output=output)
            outcomes = {test["nodeid"]: test["outcome"] for test in json.loads(output.read_bytes())["tests"]}
        reported = sum(outcome != "not_run" for outcome in outcomes.values())
        counts = Counter(outcomes.values())
        lost = FILES * TESTS - len(_KILLERS) - counts["passed"]
        lost_any |= lost > 0 or reported < FILES * TESTS
        print(f"{isolation}: reported {reported}, harmless lost {lost}, {dict(counts)}, wall {cost.wall_s:.1f} s")
    sys.exit(lost_any)


if __name__ == "__main__":
    main()
