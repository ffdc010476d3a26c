"""A pytest plugin (``-p outcomes_of_pytest``) that writes every test's outcome to the file ``$OUTCOMES``, as JSON.

It counts on its own, not with kit's code: a test that failed in its call has failed, else one whose set-up or tear-down
failed is an error, else what pytest's own status says counts. A node id that was collected twice has two outcomes; an
attempt that a plugin repeats has none.
"""

import json
import os
from pathlib import Path

_WEIGHT = {"failed": 3, "error": 2}
_found: list = []
_open: dict = {}  # what runs, by node id and xdist's worker


def pytest_runtest_logreport(report):
    if report.outcome == "rerun" or (type(report).__name__ == "SubtestReport" and not report.failed):
        return
    key = report.nodeid, id(getattr(report, "node", None))
    is_repeated = key in _open and _open[key][1] is None  # nothing came of the attempt before it
    if (report.when == "setup" and not is_repeated) or key not in _open:
        _open[key] = [report.nodeid, None]
        _found.append(_open[key])
    status, test = _status(report), _open[key]
    if status and (test[1] is None or _WEIGHT.get(status, 1) > _WEIGHT.get(test[1], 1)):
        test[1] = status


def _status(report):
    if report.outcome == "failed":
        return "failed" if report.when == "call" else "error"
    if report.outcome == "passed" and report.when != "call":
        return None
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.outcome == "skipped" else "xpassed"
    return report.outcome


def pytest_sessionfinish(session):
    if not hasattr(session.config, "workerinput"):
        Path(os.environ["OUTCOMES"]).write_text(json.dumps(_found))
