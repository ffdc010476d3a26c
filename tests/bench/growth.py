"""How each stage grows: ``python tests/bench/growth.py [--axis tests|files|causes]``.

One axis grows while the others stay: tests (1,000 to 10,000), files (100 to 1,000, half of them tests) and causes (1 to
500, in 500 test files of 10 tests). An app of ``causes_growth.py`` is written, with a recorded run in which each cause
stops one test. Measured are the stages after the run, each size in a process of its own: CPU time to read the source,
to group the failures, to name the causes and to write the report, and the peak of the process's memory. Printed is a
table, and for each stage the exponent that fits its times best (1.0: in proportion).
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.remove(str(Path(__file__).parent))  # its secrets.py hides the library's

from kit.causes import find_causes
from kit.facts.case import Case, CaseFacts
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.report import write_report
from kit.target import find_target
from tests.bench.causes_growth import write

#: tests, files and causes of each size
AXES = {
    "tests": [(1_000, 200, 20), (3_000, 200, 20), (10_000, 200, 20)],
    "files": [(2_000, 100, 20), (2_000, 300, 20), (2_000, 1_000, 20)],
    "causes": [(5_000, 1_000, 1), (5_000, 1_000, 20), (5_000, 1_000, 100), (5_000, 1_000, 500)],
}
_POSITION = ("tests", "files", "causes")
STAGES = ("source", "group", "name", "report")


def measure(tests: int, files: int, causes: int) -> dict[str, float]:
    """Seconds of CPU time of each stage, and the peak of memory in MB."""
    clock, spent = time.process_time, {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "app")
        modules = files // 2
        suite = write(root, modules, broken=causes, tests=tests // modules)
        target = find_target(root, python=sys.executable)
        since = clock()
        inventory = Inventory.of(target, runtime=False)
        spent["source"], since = clock() - since, clock()
        grouping = group_failures(suite)
        spent["group"], since = clock() - since, clock()
        found = find_causes(
            inventory.facts, suite, grouping, loads=inventory.imported_by_tests, source=lambda: Declarations.of(target)
        )
        spent["name"], since = clock() - since, clock()
        case = Case("growth", "2026-01-01T00:00:00Z", "", target)
        facts = CaseFacts(case, inventory=inventory.facts, suite=suite, grouping=grouping, causes=found)
        write_report(facts, Path(folder, "report"))
        spent["report"] = clock() - since
    return {**spent, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "found": len(found)}


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    x, y = [math.log(size) for size in sizes], [math.log(max(one, 1e-4)) for one in times]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def show(axis: str) -> None:
    """Measure one axis, each size in a process of its own, and print its rows."""
    print(f"| {axis} | " + " | ".join(f"{stage}, s" for stage in STAGES) + " | MB |\n|" + " --- |" * 6)
    rows = []
    for size in AXES[axis]:
        command = [sys.executable, __file__, "--one", *map(str, size)]
        rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
        told = " | ".join(f"{rows[-1][stage]:.2f}" for stage in STAGES)
        print(f"| {size[_POSITION.index(axis)]:,} | {told} | {rows[-1]['MB']:.0f} |", flush=True)
    sizes = [size[_POSITION.index(axis)] for size in AXES[axis]]
    fits = [exponent(sizes, [row[stage] for row in rows]) for stage in (*STAGES, "MB")]
    print("| exponent | " + " | ".join(f"{one:.2f}" for one in fits) + " |\n")


def main() -> None:
    """Measure each axis."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--axis", choices=list(AXES), action="append")
    parser.add_argument("--one", nargs=3, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(*options.one)))
        return
    for axis in options.axis or AXES:
        show(axis)


if __name__ == "__main__":
    main()
