"""One cost of kit against one rival on public suites, without all else: a round of all eleven takes minutes.

``python tests/bench/lean.py portable xdist`` holds kit without fork, as it works on Windows, against ``pytest -n 2``;
``python tests/bench/lean.py kit COMMIT`` holds today's kit against that of another commit. The suites are those of
``suites.toml``, which ``suites.py fetch`` gets.

kit runs once before, since it learns from that how a suite begins and how long its tests take. Then both run in turn,
for wall and CPU time of all processes. With ``--first`` kit forgets before each run what it has learnt. With
``--outcomes`` both run once more, and tests that differ are named. Ratios are made inside a round; the table has their
medians.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.platform.abilities import SWITCH
from tests.bench.against import ROOT, checked_out
from tests.bench.comparing import cost_of, differences, outcomes_of, reports_of
from tests.bench.fetching import Suite, known_suites

_MEASURES = ("cpu_s", "wall_s")


@dataclass(frozen=True)
class Contender:
    """A runner of :mod:`tests.bench.comparing`, with more environment; ``name`` is what it is called here."""

    name: str
    runner: str
    variables: Mapping[str, str] = field(default_factory=dict)

    def of(self, suite: Suite) -> Suite:
        """The suite as this one runs it; each keeps reports of its own, since it learns from them."""
        return replace(suite, environment={**suite.environment, **self.variables}, reports=f"{self.name}.reports")


def main() -> None:
    """See the top of this file."""
    options = _options()
    known = known_suites()
    names = options.suites.split(",") if options.suites else list(known)
    with tempfile.TemporaryDirectory() as folder:
        is_commit = options.rival not in ("xdist", "plain", "kit", "portable")
        checking_out = checked_out(options.rival, Path(folder, "other")) if is_commit else nullcontext(ROOT)
        with checking_out as other:
            trees = (ROOT, other) if is_commit else (None, None)
            pair = _contender(options.of, trees[0]), _contender(options.rival, trees[1])
            records = []
            for name in names:
                records.append(_compared(known[name], pair, options))
                if options.json:
                    options.json.write_text(json.dumps(records, indent=1))
    print(_table(records, pair))


def _contender(name: str, tree: Path | None) -> Contender:
    """The one of this name; ``tree`` is that of kit, the installed one if ``None``."""
    if name in ("xdist", "plain"):
        return Contender(name, name)
    portable = {SWITCH: "1"} if name == "portable" else {}
    return Contender(name, "kit", {"PYTHONPATH": str(tree), **portable} if tree else portable)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("of", choices=("kit", "portable"), help="What is measured.")
    parser.add_argument("rival", metavar="xdist|plain|kit|portable|COMMIT", help="What it is held against.")
    parser.add_argument("--suites", default="", metavar="A,B", help="Only these.")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--first", action="store_true", help="First runs, of which kit knows nothing.")
    parser.add_argument("--outcomes", action="store_true", help="Compare outcomes, too.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Where the figures go.")
    parser.add_argument(
        "--folder", type=Path, default=Path.home() / ".cache" / "kit-bench", help="Where the suites are."
    )
    return parser.parse_args()


def _compared(suite: Suite, pair: Sequence[Contender], options: argparse.Namespace) -> dict[str, Any]:
    for one in pair:
        shutil.rmtree(reports_of(one.of(suite), options.folder), ignore_errors=True)
        if one.runner == "kit":
            cost_of(one.runner, one.of(suite), options.folder)
    rounds = []
    for number in range(options.rounds):
        order = pair if number % 2 else tuple(reversed(pair))  # what runs later may find warmer disks
        costs = {one.name: _cost(one, suite, options) for one in order}
        rounds.append([costs[one.name] for one in pair])
        told = ", ".join(f"{one.name} {costs[one.name]['cpu_s']:.1f}/{costs[one.name]['wall_s']:.1f}" for one in pair)
        ratios = " ".join(f"{what[:-2]} {rounds[-1][0][what] / rounds[-1][1][what]:.3f}" for what in _MEASURES)
        _say(f"{suite.name} round {number + 1}: {told} (CPU/wall s); ratios: {ratios}")
    differing = _differing(suite, pair, options.folder) if options.outcomes else None
    return {"suite": suite.name, "differences": differing, "rounds": rounds}


def _cost(one: Contender, suite: Suite, options: argparse.Namespace) -> dict[str, float]:
    if options.first:
        shutil.rmtree(reports_of(one.of(suite), options.folder), ignore_errors=True)
    return asdict(cost_of(one.runner, one.of(suite), options.folder))


def _differing(suite: Suite, pair: Sequence[Contender], folder: Path) -> dict[str, tuple[str, str]]:
    found = [outcomes_of(one.runner, one.of(suite), folder)[0] for one in pair]
    differing = differences(found[0], found[1])
    for nodeid, (mine, theirs) in list(differing.items())[:20]:
        _say(f"  {nodeid}: {pair[0].name} {mine}, {pair[1].name} {theirs}")
    return differing


def _table(records: Sequence[Mapping[str, Any]], pair: Sequence[Contender]) -> str:
    """A Markdown table with a row for each suite and the medians over them."""
    lines = [
        ["suite", "differ", f"CPU {pair[0].name} / {pair[1].name}", f"wall {pair[0].name} / {pair[1].name}"],
        ["---"] * 4,
    ]
    ratios = [[_median(record, what) for what in _MEASURES] for record in records]
    for record, (cpu, wall) in zip(records, ratios, strict=True):
        differing = "" if record["differences"] is None else str(len(record["differences"]))
        lines.append([record["suite"], differing, f"{cpu:.3f}", f"{wall:.3f}"])
    medians = [f"{statistics.median(column):.3f}" for column in zip(*ratios, strict=True)]
    worst = [f"{max(column):.3f}" for column in zip(*ratios, strict=True)]
    lines += [["**median**", "", *medians], ["**worst**", "", *worst]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _median(record: Mapping[str, Any], what: str) -> float:
    return float(statistics.median(mine[what] / theirs[what] for mine, theirs in record["rounds"]))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
