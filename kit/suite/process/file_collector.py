"""A forked process that collects one test file."""

from __future__ import annotations

from dataclasses import dataclass

from kit.suite.process.messages import FromProbe
from kit.suite.process.wire import Connection
from kit.target import kill_tree


@dataclass(frozen=True)
class FileCollector:
    """A forked process that collects one file and runs nothing."""

    pid: int
    connection: Connection[FromProbe]

    def kill(self) -> None:
        """End it with all its descendants, if it has not ended by itself."""
        if not self.connection.closed:
            kill_tree(self.pid)
        self.connection.close()
