"""Starting the target's processes so that they can be ended."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import kit.platform
from kit.platform.abilities import IS_LINUX
from kit.platform.linux import GUARD
from kit.platform.memory import machine_memory
from kit.target.sandbox.seen import plan_of

PORTABLE_GUARD = Path(kit.platform.__file__).with_name("guard.py")


def guarded(command: Sequence[str], *, memory_bytes: int | None = None, root: Path | None = None) -> list[str]:
    """The argv that runs ``command`` under kit's guard, for any ``Popen(..., start_new_session=True)``.

    The guard's process ends with the status of ``command`` (exit code or signal) and takes along whatever the command
    left running, daemons included; it also ends them when kit's process is gone. ``memory_bytes`` limits what the
    command and its descendants hold together (default: half of the machine's memory; 0: no limit). The command needs
    an absolute path and runs in a session of its own; with ``root``, that of a scratch copy, it runs in the sandbox of
    that copy. :mod:`kit.platform.guard` says what the guard of other systems does not find.
    """
    limit = machine_memory() // 2 if memory_bytes is None else memory_bytes
    if not IS_LINUX:
        return [sys.executable, "-I", str(PORTABLE_GUARD), str(os.getpid()), str(limit), *command]
    sandbox = [] if root is None else plan_of(root).arguments()
    return [sys.executable, "-I", "-S", str(GUARD), str(limit), *sandbox, *command]
