"""Collects a single file in a process that is forked from before the collection of the suite."""

from __future__ import annotations

import time

from kit.facts.suite import CollectionError
from kit.platform.abilities import CAN_INHERIT
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.file_collector import FileCollector
from kit.suite.process.messages import CollectedAll, CollectionFailed
from kit.suite.process.supervisor import Supervisor
from kit.suite.record.failures import FailureReader

#: how often kit checks the limit, in seconds
_TICK = 0.1


def has_standby(spec: RunSpec) -> bool:
    """Whether a process stands by that is like pytest before it collects: some test files may be collected alone later.

    It would count the lines that it runs, if lines are counted.
    """
    options = spec.options
    is_asked = spec.collects_all and spec.choose is None and options.recheck_s > 0
    return is_asked and CAN_INHERIT and options.isolation != "process" and not options.coverage and not options.cluster


def collection_errors(
    fork: FileCollector, supervisor: Supervisor, reader: FailureReader, limit_s: float
) -> list[CollectionError]:
    """The errors of a file that ``fork`` collects; none where it ends too early, or takes longer than ``limit_s``."""
    errors: list[CollectionError] = []
    is_done = False

    def read() -> None:
        nonlocal is_done
        for message in fork.connection.receive():
            if isinstance(message, CollectionFailed):
                errors.append(CollectionError(reader.path(message.path), reader.failure(message.chain, "collect")))
            is_done |= isinstance(message, CollectedAll)

    deadline = time.monotonic() + limit_s
    supervisor.listen(fork.connection, read)
    try:
        while not is_done and not fork.connection.closed and time.monotonic() < deadline:
            supervisor.wait(_TICK)
    finally:
        supervisor.stop_listening(fork.connection)
        fork.kill()
    return errors if is_done else []
