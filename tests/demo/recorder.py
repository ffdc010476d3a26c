"""A pytest plugin for runs of the demo: appends what happens, as JSON lines, to the file that RECORD names."""

import json
import os
import sys
import threading
from pathlib import Path
from zlib import crc32

import pytest


def write(**event: object) -> None:
    with Path(os.environ["RECORD"]).open("a") as record:
        record.write(json.dumps(event) + "\n")


def open_files() -> list[str]:
    """What this process holds open beside its standard streams and pytest's capture."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except FileNotFoundError:  # the descriptor that lists the folder
            continue
    return [name for name in found if name.startswith(("socket:", "anon_inode:")) or name.endswith(".db")]


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        write(kind="uncollectable", nodeid=report.nodeid, message=str(report.longrepr))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep one test of EVERY, the same ones in each run."""
    every = int(os.environ.get("EVERY", "1"))
    items[:] = [item for item in items if crc32(item.nodeid.encode()) % every == 0]


def pytest_collection_finish(session: pytest.Session) -> None:
    write(
        kind="collected",
        nodeids=[item.nodeid for item in session.items],
        fixtures={item.nodeid: getattr(item, "fixturenames", []) for item in session.items},
        modules=[name for name in sys.modules if name.startswith("backend.")],
        threads=threading.active_count(),
        open=open_files(),
    )


def pytest_runtest_logstart(nodeid: str) -> None:
    write(kind="started", nodeid=nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or not report.passed:
        crash = getattr(report.longrepr, "reprcrash", None)  # absent where pytest itself failed
        message = crash.message if crash else str(report.longrepr or "")
        write(kind="report", nodeid=report.nodeid, when=report.when, outcome=report.outcome, message=message)
