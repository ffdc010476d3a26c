"""Starts pytest as the target has configured it, and says whether it starts: ``suite.plain REQUEST_FD RECORDS_FD``.

    request: {"arguments": ["tests", ...], "until": "session" or "collected"}

The record is ``{"started": true}`` as soon as pytest has configured itself (or has collected the tests), and this
process ends there; else ``{"started": false, "exit": N, "error": what left pytest}``, and pytest's own words are in the
output. No option is added or taken away.

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import json
import os
import sys

from .main import leave_no_trace, pose_as_pytest

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List


class Watching:
    """A plugin that ends this process as soon as pytest has got as far as it has to."""

    def __init__(self, until: str, records: int) -> None:
        self._until, self._records = until, records

    def pytest_sessionstart(self) -> None:
        if self._until == "session":
            self._stop()

    def pytest_runtestloop(self) -> None:
        self._stop()

    def _stop(self) -> None:
        say(self._records, {"started": True})
        os._exit(0)  # whatever a plugin has started does not hold it up


def say(descriptor: int, record: Dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(record).encode() + b"\n")


def start(arguments: List[str], until: str, records: int) -> Dict[str, Any]:
    """How pytest ended before it got so far."""
    import pytest

    for name in ("pytest_sessionstart", "pytest_runtestloop"):
        pytest.hookimpl(tryfirst=True)(getattr(Watching, name))
    pose_as_pytest(arguments)
    try:
        status = int(pytest.main(arguments, plugins=[Watching(until, records)]))
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except Exception as error:
        return {"started": False, "exit": 1, "error": "%s: %s" % (type(error).__name__, error)}
    return {"started": False, "exit": status, "error": ""}


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    leave_no_trace()
    records = int(records_fd)
    say(records, start(request["arguments"], request["until"], records))
    for output in (sys.stdout, sys.stderr):
        output.flush()
    os._exit(0)
