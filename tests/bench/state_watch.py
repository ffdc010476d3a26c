"""What the watch of shared state costs on public suites: kit with it against kit without it, in turns.

``python tests/bench/state_watch.py`` measures the suites that ``suites.py fetch`` got; ``--suites A,B`` takes only
these. CPU time of all processes of the whole command, with caches of its own for each side:

1. first runs, which also run those tests once more that may depend on state that others change;
2. later runs, which know what the runs before have settled: here the watch is what is left.

Outcomes are compared node id by node id. Where they differ, plain pytest is run twice, and what differs there too does
not count. Ratios are made inside a round; printed are their medians. Exits with 1 if an outcome was changed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.comparing import KITS, differences, outcomes_of, reports_of
from tests.bench.fetching import Suite, known_suites

#: the bars: CPU time with the watch by that without it, the median over the suites and the worst
BARS = 1.03, 1.08


@dataclass(frozen=True)
class Measured:
    """One suite: CPU seconds of each round, with the watch and without it, and how many outcomes the watch changed."""

    suite: str
    tests: int
    first: tuple[tuple[float, float], ...]
    later: tuple[tuple[float, float], ...]
    changed: int


def main() -> int:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suites", default="", metavar="A,B")
    parser.add_argument("--rounds", type=int, default=5, help="Later runs of each; first runs are half as many.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Where the figures go.")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "kit-bench")
    options = parser.parse_args()
    known = known_suites()
    found: list[Measured] = []
    for name in options.suites.split(",") if options.suites else known:
        found.append(measured(known[name], options.folder, options.rounds))
        print(told(found[-1]), flush=True)
        if options.json:
            options.json.write_text(json.dumps([asdict(one) for one in found], indent=1))
    for what in ("first", "later"):
        ratios = [ratio(getattr(one, what)) for one in found]
        print(f"{what} runs: median {statistics.median(ratios):.3f}, worst {max(ratios):.3f}")
    print(
        f"bars of later runs: median {BARS[0]}, worst {BARS[1]}; {sum(one.changed for one in found)} outcomes changed"
    )
    return 1 if any(one.changed for one in found) else 0


def measured(suite: Suite, folder: Path, rounds: int) -> Measured:
    """Run one suite with the watch and without it, in turns."""
    first, later, changed, tests = [], [], set(), 0
    flaky: set[str] | None = None
    begins = range(-(-rounds // 2))
    for number in (*begins, *range(rounds)):
        is_first = len(first) < len(begins)
        costs, outcomes = {}, {}
        for runner in sorted(KITS, reverse=bool(number % 2)):
            if is_first:
                shutil.rmtree(reports_of(suite, folder, runner), ignore_errors=True)
            outcomes[runner], cost = outcomes_of(runner, suite, folder, memory=False)
            costs[runner] = cost.cpu_s
        (first if is_first else later).append((costs["kit"], costs["unwatched"]))
        tests = len(outcomes["kit"])
        different = differences(outcomes["unwatched"], outcomes["kit"])
        if different:
            flaky = _flaky(suite, folder) if flaky is None else flaky
            changed |= different.keys() - flaky
            for nodeid in sorted(different.keys() - flaky)[:5]:
                print(
                    f"  {nodeid}: without the watch {different[nodeid][0]}, with it {different[nodeid][1]}", flush=True
                )
    return Measured(suite.name, tests, tuple(first), tuple(later), len(changed))


def _flaky(suite: Suite, folder: Path) -> set[str]:
    """The tests that differ between two plain runs."""
    one, other = (outcomes_of("plain", suite, folder, memory=False)[0] for _ in range(2))
    return {*differences(one, other)}


def ratio(rounds: Sequence[tuple[float, float]]) -> float:
    """The median of CPU time with the watch by that without it, in the same round."""
    return statistics.median(watched / unwatched for watched, unwatched in rounds)


def told(one: Measured) -> str:
    """One line on a suite."""
    parts = []
    for what in ("first", "later"):
        rounds: Sequence[tuple[float, float]] = getattr(one, what)
        watched, unwatched = (statistics.median(column) for column in zip(*rounds, strict=True))
        each = " ".join(f"{mine / other:.3f}" for mine, other in rounds)
        parts.append(f"{what} {watched:.1f}/{unwatched:.1f} s CPU, {ratio(rounds):.3f} ({each})")
    return f"{one.suite}: {one.tests} tests, {'; '.join(parts)}; {one.changed} outcomes changed"


if __name__ == "__main__":
    sys.exit(main())
