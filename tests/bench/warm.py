"""What a warm suite saves: collecting after an edit against collecting cold, and how soon an edit is answered.

``python tests/bench/warm.py [FOLDER]`` fetches public suites into FOLDER (default: a folder in the cache of the user)
and prints one row for each, for a whole collection and for one test file. Cold and warm take turns, five rounds each;
the ratio is the median of the rounds' ratios. The bar is 0.45, for the whole and for one file.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.target import Target
from kit.inventory import Reach
from kit.suite import RunOptions, run_suite
from kit.suite.process.workspace import Workspace
from kit.suite.warm import WarmSuite
from kit.target import find_target, kept_copy
from tests.bench.fetching import fetch, known_suites

ROUNDS = 5

#: of each suite: the file that is edited, and a test file
EDITED = {
    "starlette": ("starlette/requests.py", "tests/test_requests.py"),
    "fastapi": ("fastapi/routing.py", "tests/test_application.py"),
    "flask-appbuilder": ("flask_appbuilder/filters.py", "tests/test_fab_cli.py"),
    "papermill": ("papermill/utils.py", "papermill/tests/test_utils.py"),
}
DEMO = ("backend/app/core/money.py", "backend/tests/test_money.py")


class _EnoughError(KeyboardInterrupt):
    """Ends a run when its suite is collected."""


@dataclass
class _Watcher:
    """Notes when the suite is collected and when the first outcome is there."""

    stop_at: str
    began: float
    seconds: float = float("nan")
    tests: int = 0

    def __call__(self, event: Mapping[str, Any]) -> None:
        if event["kind"] == "ready":
            self.tests = event["tests"]
        if event["kind"] == self.stop_at:
            self.seconds = time.monotonic() - self.began
            raise _EnoughError


def main() -> None:
    """Measure every suite, then the demo."""
    folder = Path(sys.argv[1] if sys.argv[1:] else Path("~/.cache/kit-bench").expanduser())
    print(f"{'suite':18} {'what':10} {'tests':>6} {'cold s':>8} {'warm s':>8} {'ratio':>6}   all ratios")
    for name, (edited, tests) in EDITED.items():
        suite = known_suites()[name]
        fetch(suite, folder)
        os.environ["PYTEST_ADDOPTS"] = suite.options
        with tempfile.TemporaryDirectory() as private:
            tree = Path(private, name)
            shutil.copytree(suite.root(folder), tree, symlinks=True, ignore=shutil.ignore_patterns(".venv"))
            target = find_target(tree, python=str(suite.python(folder)))
            _report(name, target, edited, tests)
    del os.environ["PYTEST_ADDOPTS"]
    with tempfile.TemporaryDirectory() as private:
        demo = find_target(None)
        tree = Path(private, "trading")
        shutil.copytree(demo.path, tree)
        target = replace(demo, root=str(tree))
        _report("demo", target, *DEMO)
        _report_answers(target, *DEMO)


def _report(name: str, target: Target, edited: str, tests: str) -> None:
    for what, nodeids in (("whole", ()), ("one file", (tests,))):
        pairs, number = _rounds(target, target.path / edited, nodeids)
        ratios = [warm / cold for cold, warm in pairs]
        cold_s, warm_s = (statistics.median(column) for column in zip(*pairs, strict=True))
        told = " ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"{name:18} {what:10} {number:6} {cold_s:8.2f} {warm_s:8.2f} {statistics.median(ratios):6.2f}   {told}")


def _rounds(target: Target, edited: Path, nodeids: Sequence[str]) -> tuple[list[tuple[float, float]], int]:
    """Seconds to a collected suite, cold and warm in turn, each after an edit; and the number of tests."""
    pairs = []
    with kept_copy(target) as copy, WarmSuite(target, RunOptions()) as suite:
        workspace = Workspace(copy.root)
        suite_once = _Watcher("ready", time.monotonic())
        with suppress(_EnoughError):
            suite.run(nodeids, suite_once)
        for _ in range(ROUNDS + 1):
            _edit(edited)
            copy.sync()
            cold = _Watcher("ready", time.monotonic())
            with suppress(_EnoughError):
                run_suite(
                    target, events=copy.root.parent / "events", nodeids=nodeids, on_event=cold, workspace=workspace
                )
            _edit(edited)
            warm = _Watcher("ready", time.monotonic())
            with suppress(_EnoughError):
                suite.run(nodeids, warm)
            if not suite.started.startswith("warm"):
                raise RuntimeError(suite.started)
            pairs.append((cold.seconds, warm.seconds))
    return pairs[1:], cold.tests  # the first round warms the caches of the machine


def _report_answers(target: Target, edited: str, tests: str) -> None:
    """From an edit that is noticed to the first outcome of the tests that it concerns, and to the last."""
    firsts, lasts = [], []
    with WarmSuite(target, RunOptions(), importers=Reach(target)) as suite:
        suite.run([tests])
        time.sleep(3)  # a person takes longer
        for _ in range(ROUNDS):
            began = time.monotonic() + 0.3
            threading.Timer(0.3, _edit, [target.path / edited]).start()
            affected = suite.affected(next(suite.changes()))
            first = _First(began)
            suite.run(affected, first)
            firsts.append(first.seconds)
            lasts.append(time.monotonic() - began)
            time.sleep(1)
    print(
        f"demo: edit to first outcome {_seconds(firsts)}, to the end of its {len(affected)} file(s) {_seconds(lasts)}"
    )


@dataclass
class _First:
    began: float
    seconds: float = 0.0

    def __call__(self, event: Mapping[str, Any]) -> None:
        if event["kind"] == "finished" and not self.seconds:
            self.seconds = time.monotonic() - self.began


def _edit(path: Path) -> None:
    with path.open("a") as file:
        file.write(f"# {time.monotonic_ns()}\n")


def _seconds(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} s ({min(values):.2f}-{max(values):.2f})"


if __name__ == "__main__":
    main()
