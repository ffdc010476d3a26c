"""How a process of the suite probe is started, and with what."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

import kit.probes
from kit.platform.memory import machine_memory
from kit.platform.new_processes import OWN_GROUP
from kit.platform.worker_links import OtherEnd
from kit.suite.process.messages import Misfits
from kit.target import guarded


class Started(Protocol):
    """A process that was started, as :class:`subprocess.Popen` has it. ``pid`` leads a session."""

    pid: int
    stdout: IO[bytes] | None

    def poll(self) -> int | None:
        """Its status, ``None`` while it is alive."""

    def wait(self) -> int | None:
        """Its status, as soon as it has one."""


def start_probe(setting: Setting, theirs: OtherEnd) -> subprocess.Popen[bytes]:
    """Start the suite probe in a new process, under the guard. Raises ``OSError``."""
    if temporary := setting.environment.get("TMPDIR"):
        Path(temporary).mkdir(mode=0o700, exist_ok=True)  # a test may have removed it
    command = [setting.executable, *kit.probes.command("suite.main"), theirs.word]
    return subprocess.Popen(
        guarded(command, memory_bytes=machine_memory() // 4 * 3, root=setting.folder),
        cwd=setting.folder,
        env=dict(setting.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **theirs.options,
        **OWN_GROUP,
    )


@dataclass(frozen=True)
class Setting:
    """What every process of a run is started with: where, by which interpreter, with which environment."""

    executable: str
    folder: Path
    environment: Mapping[str, str]
    #: kit's own folder for this run: stack dumps and the board
    private: Path
    #: starts a process of the probe, given its end of the connection
    start: Callable[[Setting, OtherEnd], Started] = start_probe
    #: a part of the request to each of them, besides what it has to collect
    request: Mapping[str, object] = field(default_factory=dict)
    #: counts the messages of all of them that cannot be read
    misfits: Misfits = field(default_factory=Misfits)
