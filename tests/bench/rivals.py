"""``kit when`` beside two other tools that name the commit of a failure, on the same planted commits.

``python tests/bench/rivals.py --buggy EXE --culprit EXE --python PYTHON [--histories 30]``: ``EXE`` are those of
buggy-cli 0.1.0 and culprit 0.4.1, each in an environment of its own, and ``PYTHON`` is the interpreter of the planted
app, with pytest, pytest-cov and SQLAlchemy. Each history has 50 commits with merges, a moved module and a stretch whose
suite cannot be collected. The others are asked twice: as typed by somebody who knows nothing, and with what they can be
told: the first commit as a good one, and for culprit the command of a failing test too; with ``--told`` only so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.history.planting import RUN_TIME, STATIC, History, plant

#: faults that make a test fail, or a file that cannot be collected: buggy looks at nothing else
FAULTS = (*STATIC[2:], *RUN_TIME)

COMMITS = 50


@dataclass(frozen=True)
class Answer:
    """The commit that a tool names (empty: none), and the CPU seconds of the command."""

    tool: str
    commit: str
    cpu: float


@dataclass(frozen=True)
class Given:
    """A history with a fault, and what a user has at hand: a failing test or file, its output, and a good commit.
    ``cpu`` is what the run of plain pytest took that gave them.
    """

    history: History
    test: str
    trace: Path
    good: str
    cpu: float


def run(command: Sequence[str], folder: Path, home: Path) -> tuple[str, float]:
    """What a command prints, and its CPU seconds with all that it has started."""
    before = os.times()
    paths = os.pathsep.join((str(Path(command[0]).parent), os.environ["PATH"]))
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, check=False, cwd=folder, env=own, capture_output=True, text=True, timeout=600)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, spent


def with_kit(given: Given, home: Path, python: str) -> list[Answer]:
    """``kit run``, then ``kit when`` for its first cause."""
    kit = [sys.executable, "-m", "kit"]
    reports = ["--reports-dir", str(home / "reports")]
    source = Path(__file__).parents[2]
    name = given.history.root.name
    _, ran = run([*kit, "run", str(given.history.root), "--case", name, "--python", python, *reports], source, home)
    told, spent = run([*kit, "when", name, "--format", "json", *reports], source, home)
    found = [one["commit"]["id"] for one in json.loads(told or '{"since": []}')["since"] if one["commit"]]
    return [Answer("kit run, kit when", found[0] if found else "", ran + spent), Answer("kit when alone", "", spent)]


def with_buggy(given: Given, home: Path, options: argparse.Namespace) -> list[Answer]:
    """``buggy locate``, without and with a good commit."""
    answers = []
    buggy, python = options.buggy, options.python
    for name, more in (("buggy locate", []), ("buggy locate --good", ["--good", given.good]))[options.told :]:
        command = [buggy, "locate", ".", "--json", "--no-trace", "--python", python, *more]
        told, spent = run(command, given.history.root, home)
        when: Any = (json.loads(told).get("when") or {}) if told.startswith("{") else {}
        answers.append(Answer(name, str(when.get("commit") or ""), spent))
    return answers


def with_culprit(given: Given, home: Path, options: argparse.Namespace) -> list[Answer]:
    """``culprit --trace``, without and with a command to bisect by. A suite that does not start is skipped."""
    culprit, python = options.culprit, options.python
    test = f"{python} -m pytest -q -p no:cacheprovider '{given.test}'; c=$?; case $c in 4|5) exit 125;; esac; exit $c"
    answers = []
    for name, more in (
        ("culprit --trace", []),
        ("culprit --trace --bisect --good", ["--bisect", test, "--good", given.good, "--bad", "HEAD"]),
    )[options.told :]:
        command = [culprit, "--trace", str(given.trace), "--json", "--no-save", "--mode", "harness", *more]
        told, spent = run(command, given.history.root, home)
        fix = json.loads(told[told.index("{") :])["bugfix"] if "{" in told else {}
        suspects = [one["hash"] for one in fix.get("suspects") or ()]
        first = ((fix.get("bisect") or {}).get("first_bad") or {}).get("hash", "")
        answers.append(Answer(name, first if more else next(iter(suspects), ""), spent))
    return answers


def planted(root: Path, number: int, home: Path, python: str) -> Given:
    """The history of this number, and what its suite says."""
    history = plant(root / f"app-{number}", FAULTS[number % len(FAULTS)], 1000 + number, COMMITS)
    pytest = [python, "-m", "pytest", "-q", "--tb=native", "-p", "no:cacheprovider", "-rfE"]
    told, spent = run(pytest, history.root, home)
    trace = root / f"app-{number}.txt"
    trace.write_text(told)
    failing = [line.split()[1] for line in told.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    git = ["git", "rev-list", "--max-parents=0", "HEAD"]
    good = subprocess.run(git, check=True, cwd=history.root, capture_output=True, text=True).stdout.strip()
    return Given(history, next(iter(failing), ""), trace, good, spent)


def main(options: argparse.Namespace) -> None:
    """Print a line a history, and the sums so far after each."""
    right: dict[str, int] = {}
    spent: dict[str, float] = {}
    asked = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        home = root / "home"
        for number in range(options.first, options.first + options.histories):
            given = planted(root, number, home, options.python)
            if not given.test:
                print(f"{FAULTS[number % len(FAULTS)].name}: no test fails, so it is left out", flush=True)
                continue
            asked += 1
            answers = [
                Answer("plain pytest", "", given.cpu),
                *with_kit(given, home, options.python),
                *with_buggy(given, home, options),
                *with_culprit(given, home, options),
            ]
            for one in answers:
                right[one.tool] = right.get(one.tool, 0) + (one.commit == given.history.planted)
                spent[one.tool] = spent.get(one.tool, 0.0) + one.cpu
            told = "; ".join(f"{tool}: {right[tool]} of {asked}, {spent[tool]:.1f} s" for tool in right)
            print(f"{FAULTS[number % len(FAULTS)].name}: {told}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--buggy", required=True)
    parser.add_argument("--culprit", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--histories", type=int, default=30)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--told", action="store_true")
    main(parser.parse_args())
