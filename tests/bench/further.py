"""Further public suites, for outcomes and exit codes alone: plain pytest against kit's first and second run.

``python tests/bench/further.py fetch`` gets the suites of ``further.toml``, ``python tests/bench/further.py run`` runs
them. ``--suites A,B`` takes only these; ``--seconds`` is when no further suite is begun. Where kit and plain pytest
differ, plain pytest is run twice more: what differs between plain runs too does not count. Exits with 1 if one counts.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.comparing import Outcomes, differences, outcomes_of, reports_of
from tests.bench.fetching import Suite, fetch, known_suites

_LIST = Path(__file__).with_name("further.toml")


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("fetch", "run"))
    parser.add_argument("--suites", default="", metavar="A,B")
    parser.add_argument("--seconds", type=float, default=480.0)
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "kit-bench")
    options = parser.parse_args()
    known = known_suites(_LIST)
    began, wrong = time.monotonic(), 0
    for name in options.suites.split(",") if options.suites else known:
        if options.do == "fetch":
            fetch(known[name], options.folder)
        elif time.monotonic() - began < options.seconds:
            wrong += compare(known[name], options.folder)
        else:
            print(f"{name}: not begun, the time is over")
    return 1 if wrong else 0


def compare(suite: Suite, folder: Path) -> int:
    """Run one suite, and print and count the tests that differ, and the exit codes that are 0 for one alone."""
    shutil.rmtree(reports_of(suite, folder), ignore_errors=True)
    (plain, cost), *runs = (outcomes_of(runner, suite, folder) for runner in ("plain", "kit", "kit"))
    found = [differences(plain, outcomes) for outcomes, _ in runs]
    flaky: set[str] = set()
    for _ in range(2 if any(found) else 0):
        flaky |= differences(plain, outcomes_of("plain", suite, folder)[0]).keys()
    counts = [{nodeid: pair for nodeid, pair in one.items() if nodeid not in flaky} for one in found]
    codes = [one.code for _, one in runs]
    told = f"{len(counts[0])} and {len(counts[1])} differ; exit codes {cost.code} (plain), {codes[0]}, {codes[1]}"
    print(f"{suite.name} {suite.version}: {_size(plain)} tests, {told}", flush=True)
    for one in counts:
        for nodeid, (mine, theirs) in list(one.items())[:5]:
            print(f"  {nodeid}: plain {mine}, kit {theirs}", flush=True)
    return sum(map(len, counts)) + sum((code == 0) != (cost.code == 0) for code in codes)


def _size(outcomes: Outcomes) -> int:
    return sum(counts.total() for counts in outcomes.values())


if __name__ == "__main__":
    sys.exit(main())
