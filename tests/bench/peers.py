"""What other tools make of the same failures, and at what cost: ``python tests/bench/peers.py --python PYTHON``.

The suite is a part of the demo whose defects are single ones: the cascade, the hang, the exit and the fail-fast plugin
are mended, and of its test files every Nth is taken, and all that hold a failing test. PYTHON must have the demo's
packages, pytest-html, allure-pytest, pytest-xdist, pytest-testmon, rstest and assaylab; ``--allure`` is the command
line of Allure 3, which makes its report. ``items`` is how many entries a reader has to go through: failing tests,
signatures, groups, or causes. Each round runs every tool once, and ratios are made inside one round.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measuring import measure
from tests.demo.trees import mended

#: mended: the two causes of the cascade, the hang, the exit, the fail-fast plugin, and files that cannot be collected
_MENDED = ("01", "02", "03", "08", "09", "10")
_FAILING = ("lockout", "signals", "outcome_api", "signatures", "quota_windows")
_HTML, _RESULTS, _JUNIT = "report.html", "allure-results", "junit.xml"

Items = Callable[[Path, str], int]


def main() -> None:
    """Run the rounds, and print the median of each tool."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="An interpreter with the rivals.")
    parser.add_argument("--allure", help="The command line of Allure 3.")
    parser.add_argument("--every", type=int, default=6, metavar="N")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    python = Path(options.python).absolute()
    seconds: dict[str, list[float]] = {}
    items: dict[str, int] = {}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            tree = mended(Path(folder, "trading"), *_MENDED)
            for name, (cpu, found) in _round(tree, _files(tree, options.every), python, options.allure).items():
                seconds.setdefault(name, []).append(cpu)
                items[name] = found
    plain = seconds["pytest"]
    for name, taken in seconds.items():
        ratio = statistics.median(ours / theirs for ours, theirs in zip(taken, plain, strict=True))
        print(f"{name:32} CPU / pytest {ratio:5.2f}   items {items[name]}   ({statistics.median(taken):.1f} s)")


def _files(tree: Path, every: int) -> list[str]:
    files = sorted(tree.glob("backend/tests/test_*.py"))
    wanted = [one for at, one in enumerate(files) if at % every == 0 or one.stem[5:] in _FAILING]
    return [one.relative_to(tree).as_posix() for one in wanted]


def _round(tree: Path, files: list[str], python: Path, allure: str | None) -> dict[str, tuple[float, int]]:
    pytest = [python, "-m", "pytest", "-q", "--maxfail=0"]
    named = [word for file in files for word in ("--tests", file)]
    own = [sys.executable, "-m", "kit"]
    kit = [*own, "run", tree, "--python", python, *named, "--format", "json"]
    commands: dict[str, tuple[list[Any], Items]] = {
        "pytest": ([*pytest, "-p", "no:cacheprovider", f"--junitxml={tree.parent / _JUNIT}", *files], _failed),
        "assaylab check, of JUnit XML": ([python.with_name("assaylab"), "check", tree.parent / _JUNIT], _signatures),
        "kit run, the first": ([*kit, "--reports-dir", tree.parent / "reports"], _groups),
        "kit run, a later one": ([*kit, "--reports-dir", tree.parent / "reports"], _groups),
        "kit ingest, of JUnit XML": (
            [*own, "ingest", tree.parent / _JUNIT, "--target", tree, "--reports-dir", tree.parent / "ingested"],
            _of_the_report,
        ),
        "pytest -n 2": ([*pytest, "-n", "2", *files], _failed),
        "rstest -n 2": ([python.with_name("rstest"), "-q", "-n", "2", "--python", python, *files], _failed),
        "pytest-testmon, first run": ([*pytest, "--testmon", *files], _failed),
        "pytest-html": ([*pytest, f"--html={tree.parent / _HTML}", "--self-contained-html", *files], _failed),
        "allure-pytest": ([*pytest, f"--alluredir={tree.parent / _RESULTS}", *files], _failed),
    }
    if allure:
        report = ["--output", tree.parent / "allure-report"]
        commands["allure generate"] = ([allure, "generate", tree.parent / _RESULTS, *report], _nothing)
    found = {}
    for name, (command, items) in commands.items():
        found[name] = _cost(tree, command, items)
        print(f"  {name}: {found[name][0]:.1f} s of CPU time, {found[name][1]} items", flush=True)
    return found


def _cost(tree: Path, command: list[Any], items: Items) -> tuple[float, int]:
    output = tree.parent / "output.txt"
    for name in (".testmondata", ".pytest_cache", ".rstest_cache"):
        shutil.rmtree(tree / name, ignore_errors=True)
        (tree / name).unlink(missing_ok=True)
    environment: Mapping[str, str] = {**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}
    cost = measure(command, folder=tree, environment=environment, output=output, limit_s=1800)
    return cost.cpu_s, items(tree, output.read_text(errors="replace"))


def _failed(_tree: Path, output: str) -> int:
    found = re.findall(r"(\d+) (?:failed|errors?)\b", output.splitlines()[-1] if output.strip() else "")
    return sum(map(int, found))


def _signatures(_tree: Path, output: str) -> int:
    found = re.search(r"across (\d+) signature", output)
    return int(found.group(1)) if found else 0


def _groups(_tree: Path, output: str) -> int:
    return len(json.loads(output)["groups"])


def _of_the_report(tree: Path, _output: str) -> int:
    (incident,) = (tree.parent / "ingested").glob("*/incident.json")
    return len(json.loads(incident.read_bytes())["causes"])


def _nothing(_tree: Path, _output: str) -> int:
    return 0


if __name__ == "__main__":
    main()
