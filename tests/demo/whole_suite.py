"""Run the whole mended suite, once or in parts side by side: `python -m tests.demo.whole_suite [PARTS]`.

Not part of the tests: it takes a minute or two. Prints counts, time on the clock and of the processors, and exits
with 1 unless every one of the tests passed, or was skipped for want of the optional package.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.demo.make_expected import EXPECTED
from tests.demo.trees import EVERY_FIX, Run, mended, run_suite


def run_part(tree: Path, part: int, parts: int) -> Run:
    """Every so-manyth test file, in a copy of its own: the record of a run lies beside its tree."""
    files = sorted(str(path.relative_to(tree)) for path in tree.glob("backend/tests/test_*.py"))
    return run_suite(tree, *files[part::parts], timeout_s=900)


def main(parts: int) -> int:
    expected = json.loads(EXPECTED.read_text())
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(parts) as pool:
        trees = [mended(Path(folder, f"part{part}"), *EVERY_FIX) for part in range(parts)]
        started = time.monotonic()
        runs = list(pool.map(run_part, trees, range(parts), [parts] * parts))
        seconds = time.monotonic() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    reports = {nodeid: report for run in runs for nodeid, report in run.reports.items()}
    outcomes = Counter(report.outcome for report in reports.values())
    print(f"{len(reports)} of {expected['total']} tests: {dict(outcomes)}")  # noqa: T201
    print(f"{seconds:.1f} s on the clock, {usage.ru_utime + usage.ru_stime:.1f} s of the processors, {parts} part(s)")  # noqa: T201
    optional = set(expected["defects"]["optional-package"]["tests"])
    unexpected = [
        nodeid
        for nodeid, report in reports.items()
        if report.outcome != "passed" and not (report.outcome == "skipped" and nodeid in optional)
    ]
    print("\n".join(unexpected))  # noqa: T201
    return int(bool(unexpected) or len(reports) != expected["total"])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
