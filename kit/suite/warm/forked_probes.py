"""Reads the records of a probe from a process that a preloaded process has forked."""

from __future__ import annotations

import select
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from kit.platform.child_output import output_of
from kit.suite.process.messages import Misfits
from kit.suite.process.wire import Connection
from kit.suite.warm.preloaded import PreloadedProcess
from kit.target import as_seen, kill_tree

_DECODER = msgspec.json.Decoder(dict[str, Any])

#: how long kit waits for records before it reads what the process has printed, in seconds
_TICK = 0.05

#: what is printed is read, so that the process does not wait, and not kept
_KEPT = 1


def forked_records(
    preloaded: PreloadedProcess,
    probe: Literal["effects", "variables"],
    request: Mapping[str, Any],
    root: Path,
    limit_s: float,
) -> list[dict[str, Any]]:
    """What a probe says of the app in the scratch copy at ``root``, as far as it comes within ``limit_s`` seconds.

    Raises ``ChildProcessError`` where the preloaded process is gone.
    """
    connection, until = Connection(_DECODER, Misfits()), time.monotonic() + limit_s
    try:
        fork = preloaded.fork_probe(connection.theirs.descriptor, probe)
    except ChildProcessError:
        connection.close()
        raise
    assert fork.stdout is not None
    output, records = output_of(fork.stdout, _KEPT), list[dict[str, Any]]()
    try:
        connection.hand_over()
        connection.send(as_seen(request, root))
        while not connection.closed and time.monotonic() < until:
            select.select([connection], [], [], _TICK)
            output.read()
            records += connection.receive()
    finally:
        kill_tree(fork.pid)
        fork.wait()
        preloaded.sweep()
        output.close()
        connection.close()
    return records
