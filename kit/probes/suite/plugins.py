"""Says which pytest plugins are installed, or starts pytest once, collects, and says how that ended.

    suite.plugins REQUEST_FD RECORDS_FD
    request: {"arguments": ["--collect-only", ...]} starts, {"arguments": null} lists

Records: {"name": "asyncio", "distribution": "pytest-asyncio", "version": "1.0"} a plugin; {"exit": 0, "tests": 12}.
"""

from __future__ import annotations

import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List


try:
    from importlib import metadata
except ImportError:  # Python 3.7 and older have none
    metadata = None  # type: ignore[assignment]


def installed() -> Iterator[Dict[str, Any]]:
    """The plugins that pytest loads by itself, in the order in which it does."""
    for distribution in metadata.distributions() if metadata else ():
        for point in points_of(distribution):
            yield {
                "name": point.name,
                "distribution": distribution.metadata["Name"],
                "version": distribution.version,
            }


def points_of(distribution: Any) -> List[Any]:
    """Where a distribution enters pytest; a broken one nowhere, which is not the question here."""
    try:
        return [point for point in distribution.entry_points if point.group == "pytest11"]
    except Exception:
        return []


class Counting:
    """A plugin that counts the tests, once all of them are collected."""

    tests = None

    def pytest_collection_finish(self, session: Any) -> None:
        self.tests = len(session.items)


def start(arguments: List[str]) -> Dict[str, Any]:
    """How pytest ends with these arguments."""
    import pytest

    counting = Counting()
    status = pytest.main(arguments, plugins=[counting])
    return {"exit": int(status), "tests": counting.tests}


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        arguments = json.loads(stream.readline())["arguments"]
    sys.path.insert(0, os.getcwd())  # as "python -m pytest" has it
    records = os.fdopen(int(records_fd), "w", encoding="utf-8")
    for record in installed() if arguments is None else [start(arguments)]:
        records.write(json.dumps(record) + "\n")
    records.flush()
    os._exit(0)  # whatever a plugin has started does not hold it up
