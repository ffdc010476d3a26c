"""Starts pytest as the target has configured it, and says how far it gets: ``suite.plain REQUEST_FD RECORDS_FD``.

    request: {"arguments": ["tests", ...], "until": "session", "collected" or "end"}

``until`` the session or the collected suite, the record is ``{"started": true}`` as soon as pytest has configured
itself or has collected the tests, and this process ends there; ``until`` the end, all tests run, and what
``session_end.py`` has seen is added to ``{"started": true, "exit": N}``, with ``exits``, the places of what may give
Python another exit code; then Python ends as it does after ``python -m pytest``. If pytest does not start, the record
is ``{"started": false, "exit": N, "error": what left pytest}``, and pytest's own words are in the output. No option is
added or taken away.

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import json
import os
import sys

from .channel import on_disk
from .exit_handlers import deciding_handlers
from .posing import leave_no_trace, pose_as_pytest
from .session_end import SessionEnd

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict


class Watching:
    """A plugin that ends this process as soon as pytest has got as far as it has to."""

    def __init__(self, until: str, records: int) -> None:
        self._until, self._records = until, records

    def pytest_sessionstart(self) -> None:
        if self._until == "session":
            self._stop()

    def pytest_runtestloop(self) -> None:
        if self._until == "collected":
            self._stop()

    def _stop(self) -> None:
        say(self._records, {"started": True})
        os._exit(0)  # whatever a plugin has started does not hold it up


def say(descriptor: int, record: Dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(record).encode() + b"\n")


def start(request: Dict[str, Any], records: int) -> Dict[str, Any]:
    """How pytest ended."""
    import pytest

    for name in ("pytest_sessionstart", "pytest_runtestloop"):
        pytest.hookimpl(tryfirst=True)(getattr(Watching, name))
    end, arguments = SessionEnd(pytest, os.getcwd()), on_disk(request["arguments"])
    watching: Any = Watching(request["until"], records)
    pose_as_pytest()
    error: Any = None
    try:
        status = int(pytest.main(arguments, plugins=[watching, end]))
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 1
    except Exception as left:
        status, error = 1, left
    if end.has_begun:
        return dict(end.seen(error), started=True, exit=status, exits=deciding_handlers(os.getcwd()))
    told = "" if error is None else "%s: %s" % (type(error).__name__, error)
    return {"started": False, "exit": status, "error": told}


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    leave_no_trace()
    records = int(records_fd)
    record = start(request, records)
    say(records, record)
    if record["started"]:
        sys.exit(record["exit"])
    for output in (sys.stdout, sys.stderr):
        output.flush()
    os._exit(0)
