"""A real scheduler and real workers on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kit.suite.cluster.scheduler import connected

_START_LIMIT = 60.0


class Cluster:
    """Starts processes of Dask in a folder, and ends them. ``address`` is the scheduler's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "tmp"  # the workers' own
        self.temporary.mkdir()
        self._file = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self._scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def grow(self, workers: int) -> None:
        """See to it that there are at least so many workers, and a scheduler."""
        if self._scheduler is None or self._scheduler.poll() is not None:
            self._start_scheduler()
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        for _ in range(workers - len(self.workers)):
            self.workers.append(self._start("dask_worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "0"))
        with connected(self.address) as scheduler:
            wait_until(lambda: len(scheduler.workers()) == len(self.workers))

    def lose_scheduler(self) -> None:
        """Kill the scheduler."""
        assert self._scheduler is not None
        self._scheduler.kill()

    def _start_scheduler(self) -> None:
        for worker in self.workers:  # they end when they have lost their scheduler
            worker.wait(_START_LIMIT)
        self._file.unlink(missing_ok=True)
        self._scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(lambda: self._file.exists() and self._file.read_bytes().endswith(b"}"))
        self.address = json.loads(self._file.read_text())["address"]

    def holds_nothing(self) -> bool:
        """Whether no site, and nothing of one, is left in the workers."""
        left = any(self.temporary.glob("kit-*"))
        commands = (each.info["cmdline"] or () for each in psutil.process_iter(["cmdline"]))
        return not left and not any(word.startswith(str(self.temporary)) for words in commands for word in words)

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", str(self._file)]
        with (self.folder / f"{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "--no-dashboard", *arguments],
                cwd=self.folder,
                env={**os.environ, "TMPDIR": str(self.temporary)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._processes.append(process)
        return process


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and workers come with :meth:`Cluster.grow`."""
    cluster = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        yield cluster
    finally:
        cluster.close()
