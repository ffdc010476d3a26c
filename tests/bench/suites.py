"""kit against plain pytest and pytest-xdist, on real suites from the package index.

``python tests/bench/suites.py fetch`` gets the suites of ``suites.toml``, each with an environment of its own.
``python tests/bench/suites.py run`` then runs each suite under ``pytest``, ``pytest -n 2`` and ``kit run``:

1. once for what every test comes to, and three times for memory. Where kit and plain pytest differ, plain pytest is run
   twice more; a test that differs between plain runs too is known to be flaky, any other counts against kit;
2. then round by round, in turn, for wall and CPU time of all processes. The whole command is measured, with kit's own
   start, its copy of the tree, its records and its grouping. Bytecode caches of the rivals are warm by then.

Ratios are made inside a round; their medians go into a Markdown table and a JSON file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.comparing import RUNNERS, cost_of, differences, outcomes_of, reports_of
from tests.bench.fetching import Suite, fetch, known_suites

#: how often plain pytest is run again to tell which tests are flaky
_PLAIN_AGAIN = 2

#: how often memory is measured: a test that takes much for a moment is seen by some samples only
_MEMORY_RUNS = 3

#: the ratios that are reported: what, kit's rival
_RATIOS = (("cpu_s", "xdist"), ("cpu_s", "plain"), ("wall_s", "xdist"), ("wall_s", "plain"))

Record = dict[str, Any]


def main() -> None:
    """See the top of this file."""
    options = _options()
    known = known_suites()
    chosen = [known[name] for name in options.suites.split(",")] if options.suites else list(known.values())
    if options.do == "fetch":
        for suite in chosen:
            fetch(suite, options.folder)
        return
    records = [_begin(suite, options.folder) for suite in chosen]
    for number in range(options.rounds):
        for suite, record in zip(chosen, records, strict=True):
            _round(suite, options.folder, record, number)
        _save(records, options.json)
    print(table(records) if options.markdown else summary(records))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("fetch", "run"))
    parser.add_argument("--suites", default="", metavar="A,B", help="Only these.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="Where the figures go.")
    parser.add_argument("--markdown", action="store_true", help="Print a Markdown table.")
    parser.add_argument(
        "--folder", type=Path, default=Path.home() / ".cache" / "kit-bench", help="Where the suites are."
    )
    return parser.parse_args()


def _begin(suite: Suite, folder: Path) -> Record:
    """Outcomes and memory, of kit's first run of the suite."""
    shutil.rmtree(reports_of(suite, folder), ignore_errors=True)
    found, peaks = {}, {}
    for runner in RUNNERS:
        found[runner], cost = outcomes_of(runner, suite, folder)
        more = [cost_of(runner, suite, folder, memory=True) for _ in range(_MEMORY_RUNS - 1) if runner != "plain"]
        peaks[runner] = [round(one.peak_mb, 1) for one in (cost, *more)]
    against = {runner: differences(found["plain"], found[runner]) for runner in ("xdist", "kit")}
    flaky: set[str] = set()
    for _ in range(_PLAIN_AGAIN if against["kit"] else 0):
        flaky |= differences(found["plain"], outcomes_of("plain", suite, folder)[0]).keys()
    wrong = {nodeid: pair for nodeid, pair in against["kit"].items() if nodeid not in flaky}
    record: Record = {
        "suite": suite.name,
        "version": suite.version,
        "kind": suite.kind,
        "tests": sum(counts.total() for counts in found["plain"].values()),
        "differences": wrong,
        "flaky": sorted(flaky),
        "differences_xdist": len(against["xdist"]),
        "peaks_mb": peaks,
        "rounds": [],
    }
    _say(f"{suite.name}: {record['tests']} tests, {len(wrong)} differ from plain ({record['differences_xdist']} under")
    _say(f"  xdist), flaky {len(flaky)}; peaks MB {record['peaks_mb']}")
    for nodeid, (plain, kit) in list(wrong.items())[:20]:
        _say(f"  {nodeid}: plain {plain}, kit {kit}")
    return record


def _round(suite: Suite, folder: Path, record: Record, number: int) -> None:
    first = number % len(RUNNERS)  # each is the first one in turn: what runs later may find warmer disks
    order = RUNNERS[first:] + RUNNERS[:first]
    costs = {runner: asdict(cost_of(runner, suite, folder)) for runner in order}
    record["rounds"].append(costs)
    ratios = " ".join(f"{what[:-2]}/{rival} {_ratio(costs, what, rival):.2f}" for what, rival in _RATIOS)
    seconds = " ".join(f"{runner} {costs[runner]['wall_s']:.1f}/{costs[runner]['cpu_s']:.1f}" for runner in RUNNERS)
    _say(f"{suite.name} round {number + 1}: {seconds} (wall/CPU s); kit: {ratios}")


def _ratio(costs: Record, what: str, rival: str) -> float:
    return float(costs["kit"][what] / costs[rival][what])


def median_ratio(record: Record, what: str, rival: str) -> float:
    """The median over the rounds of kit's cost by the rival's, in the same round."""
    return statistics.median(_ratio(costs, what, rival) for costs in record["rounds"])


def memory_ratio(record: Record) -> float:
    """The median of kit's peaks by that of xdist's."""
    return statistics.median(record["peaks_mb"]["kit"]) / statistics.median(record["peaks_mb"]["xdist"])


def table(records: Sequence[Record]) -> str:
    """A Markdown table with a row for each suite and the medians over them."""
    heads = ["suite", "tests", "differ from plain (xdist)"]
    heads += ["CPU / xdist", "CPU / plain", "wall / xdist", "wall / plain", "memory / xdist"]
    rows = [
        [
            f"{record['suite']} {record['version']}, {record['kind']}",
            f"{record['tests']:,}",
            f"{len(record['differences'])} ({record['differences_xdist']})",
            *(f"{median_ratio(record, what, rival):.2f}" for what, rival in _RATIOS),
            f"{memory_ratio(record):.2f}",
        ]
        for record in records
    ]
    medians = [f"{statistics.median(median_ratio(one, *pair) for one in records):.2f}" for pair in _RATIOS]
    rows.append(["**median**", "", "", *medians, f"{statistics.median(map(memory_ratio, records)):.2f}"])
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(records: Sequence[Record]) -> str:
    """The same, with the rounds' spread."""
    lines = []
    for record in records:
        spreads = []
        for what, rival in _RATIOS:
            ratios = sorted(_ratio(costs, what, rival) for costs in record["rounds"])
            spreads.append(f"{what[:-2]}/{rival} {ratios[0]:.2f}-{statistics.median(ratios):.2f}-{ratios[-1]:.2f}")
        lines.append(f"{record['suite']}: {', '.join(spreads)}, memory/xdist {memory_ratio(record):.2f}")
    return "\n".join(lines)


def _save(records: Sequence[Record], path: Path | None) -> None:
    if path is not None:
        path.write_text(json.dumps(records, indent=1))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
