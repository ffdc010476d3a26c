"""Copies of the demo with chosen defects mended, and runs of their suites in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from kit.demo import copy_demo

HERE = Path(__file__).parent
FIXES = {path.name[:2]: path for path in sorted((HERE / "fixes").glob("*.patch"))}
EVERY_FIX = tuple(FIXES)


def mended(to: Path, *numbers: str) -> Path:
    """A copy of the demo with the patches of those numbers applied, in that order."""
    tree = copy_demo(to)
    for number in numbers:
        subprocess.run(["git", "apply", str(FIXES[number])], cwd=tree, check=True, capture_output=True)
    return tree


@dataclass(frozen=True)
class Report:
    """The last word on a test: when, which outcome, and the message of a failure."""

    when: str
    outcome: str
    message: str


@dataclass
class Run:
    """What a run of the suite left behind; `status` is None when it had to be killed."""

    status: int | None
    collected: list[str] = field(default_factory=list)
    fixtures: dict[str, list[str]] = field(default_factory=dict)
    modules: list[str] = field(default_factory=list)
    threads: int = 0
    open: list[str] = field(default_factory=list)
    uncollectable: dict[str, str] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)

    def outcomes(self) -> set[str]:
        return {report.outcome for report in self.reports.values()}

    def messages(self) -> list[str]:
        return [report.message for report in self.reports.values()]


def run_suite(tree: Path, *arguments: str, timeout_s: float = 120, **environment: str) -> Run:
    """Run pytest in a tree, recorded by our plugin; after the time is over the process is killed."""
    record = tree.parent / f"{tree.name}.jsonl"
    record.write_text("")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "recorder", "--tb=line"]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(HERE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "RECORD": str(record),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status: int | None = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        status = None
    return read_record(record, status)


def read_record(record: Path, status: int | None) -> Run:
    run = Run(status)
    for line in record.read_text().splitlines():
        event = json.loads(line)
        match event.pop("kind"):
            case "uncollectable":
                run.uncollectable[event["nodeid"]] = event["message"]
            case "collected":
                run.collected = event.pop("nodeids")
                vars(run).update(event)
            case "started":
                run.started.append(event["nodeid"])
            case "report":
                nodeid = event.pop("nodeid")
                if nodeid not in run.reports or run.reports[nodeid].outcome == "passed":
                    run.reports[nodeid] = Report(**event)
    return run
