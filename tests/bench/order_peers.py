"""Tests that fail because of an earlier one: kit beside whyflaky and rstest, on the same planted pairs.

``python tests/bench/order_peers.py --python PYTHON [--pairs 4]``: PYTHON has pytest, whyflaky and rstest. A suite of
`hidden_victims.py` holds the pairs. ``right`` is for how many victims a tool names the polluter; ``rstest bisect`` is
asked for one victim after another, as it takes one, and whyflaky with its own defaults. CPU time is of all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.hidden_victims import Pair, plant
from tests.bench.measuring import measure

_LIMIT_S = 3600.0


@dataclass(frozen=True)
class Answer:
    """For how many victims a tool named the polluter, and the CPU and wall seconds of its commands."""

    tool: str
    right: int
    cpu_s: float
    wall_s: float


def main() -> None:
    """Plant the pairs and ask each tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="An interpreter with the rivals.")
    parser.add_argument("--pairs", type=int, default=4)
    options = parser.parse_args()
    python = Path(options.python).absolute()
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder, "suite")
        pairs = plant(suite, options.pairs, 0)
        for ask in (_kit, _rstest, _whyflaky):
            one = ask(suite, pairs, python)
            print(
                f"{one.tool:16} {one.right} of {len(pairs)}   CPU {one.cpu_s:.1f} s   wall {one.wall_s:.1f} s",
                flush=True,
            )


def _kit(suite: Path, pairs: Sequence[Pair], python: Path) -> Answer:
    reports = suite.with_name("reports")
    command = [sys.executable, "-m", "kit", "run", suite, "--python", python, "--reports-dir", reports]
    cpu_s, wall_s = _cost(command, suite)
    (events,) = reports.glob("*/events.jsonl")
    read = [json.loads(line) for line in events.read_text().splitlines()]
    named = {one["victim"]: one["polluters"] for one in read if one["kind"] == "polluted"}
    return Answer("kit run", sum(pair.polluter in named.get(pair.victim, ()) for pair in pairs), cpu_s, wall_s)


def _rstest(suite: Path, pairs: Sequence[Pair], python: Path) -> Answer:
    right, cpu_s, wall_s = 0, 0.0, 0.0
    for pair in pairs:
        command = [python.with_name("rstest"), "--python", python, "bisect", pair.victim]
        cpu, wall = _cost(command, suite)
        right += pair.polluter in _output(suite).read_text(errors="replace")
        cpu_s, wall_s = cpu_s + cpu, wall_s + wall
    return Answer("rstest bisect", right, cpu_s, wall_s)


def _whyflaky(suite: Path, pairs: Sequence[Pair], python: Path) -> Answer:
    cpu_s, wall_s = _cost([python.with_name("whyflaky"), "scan", suite], suite)
    told = _output(suite).read_text(errors="replace")
    entries = re.split(r"(?=tests/test_b\d+\.py::)", told)
    right = sum(any(one.startswith(pair.victim) and pair.polluter in one for one in entries) for pair in pairs)
    return Answer("whyflaky scan", right, cpu_s, wall_s)


def _cost(command: list[Any], suite: Path) -> tuple[float, float]:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    cost = measure(command, folder=suite, environment=environment, output=_output(suite), limit_s=_LIMIT_S)
    return cost.cpu_s, cost.wall_s


def _output(suite: Path) -> Path:
    return suite.with_name("output.txt")


if __name__ == "__main__":
    main()
