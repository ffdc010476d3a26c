"""Running one of kit's probes in the target's interpreter."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any

import kit.probes
import kit.target
from kit.facts.errors import TargetError
from kit.facts.target import Target
from kit.masking import mask
from kit.platform.abilities import IS_LINUX
from kit.platform.probe_channels import ProbeChannels, probe_channels
from kit.platform.waiting import wait_for_end
from kit.target.environment import target_environment
from kit.target.guarding import guarded
from kit.target.sandbox.seen import as_seen

#: how much of the end of a probe's output is kept, in bytes
OUTPUT_TAIL = 20_000

#: what the records may hold in all, in bytes; whatever comes after is ignored
MOST_RECORDS = 512_000_000

_CHUNK = 1 << 16

#: how long reading the pipes may take after the last process that could hold them has ended, in seconds
_DRAIN_LIMIT = 5.0


@dataclass(frozen=True)
class ProbeRun:
    """What a probe sent. ``returncode`` is that of ``subprocess`` (negative: the signal), ``None`` when it had to be
    killed for its time; ``output`` is the masked end of stdout and stderr together; ``ignored`` counts the lines on
    the record pipe that are not JSON objects.
    """

    records: tuple[dict[str, Any], ...]
    returncode: int | None
    output: str
    timed_out: bool
    ignored: int = 0


def run_probe(target: Target, name: str, request: Mapping[str, Any], *, root: Path, timeout_s: float) -> ProbeRun:
    """Run the probe ``name``, a module of :mod:`kit.probes`, with the target's interpreter in ``root``, the root of a
    scratch copy.

    Its ``main`` is called with two descriptors. It reads one JSON line from the first, the request, and writes a JSON
    object a line to the second. It runs in a session of its own; when this returns, no process that it
    started is left. Raises :class:`TargetError` when the target has no interpreter.
    """
    if target.interpreter is None:
        raise TargetError(f"{target.root} has no usable Python interpreter; give one with --python.")
    place = Place(target.interpreter.executable, root, target_environment(target, root))
    return run_script(place, name, as_seen(request, root), timeout_s=timeout_s)


@dataclass(frozen=True)
class Place:
    """Where a script runs: by which interpreter, in which folder, with which environment variables."""

    executable: str
    folder: Path
    environment: Mapping[str, str]


def run_script(place: Place, name: str, request: Mapping[str, Any], *, timeout_s: float) -> ProbeRun:
    """:func:`run_probe` for an interpreter that no target is known for yet."""
    with probe_channels(json.dumps(request).encode() + b"\n") as channels:
        try:
            process = subprocess.Popen(
                guarded([place.executable, *kit.probes.command(name), *channels.words], root=place.folder),
                cwd=place.folder,
                env=dict(place.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                **channels.options,
            )
        finally:
            channels.started()
        return _finish(process, channels, timeout_s)


def _finish(process: subprocess.Popen[bytes], channels: ProbeChannels, timeout_s: float) -> ProbeRun:
    assert process.stdout is not None
    records, output = _Records(), _Tail(process.stdout)
    readers = [Thread(target=output.read, daemon=True)]
    if channels.records is not None:
        readers.append(Thread(target=records.read, args=(channels.records,), daemon=True))
    timed_out = False
    with process.stdout:
        try:
            for thread in readers:
                thread.start()
            wait_for_end(process, timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            if process.returncode is None or not IS_LINUX:  # else the guard has left nothing
                kit.target.kill_tree(process.pid)
                process.wait()
            for thread in readers:
                if thread.ident is not None:  # else a signal came before it was started
                    thread.join(_DRAIN_LIMIT)
    if channels.records is None:
        records.read(channels.written())
    returncode = None if timed_out else process.returncode
    return ProbeRun(tuple(records.found), returncode, output.text(), timed_out, records.ignored)


class _Records:
    """Reads the records of a probe until the end of their stream."""

    def __init__(self) -> None:
        self._room = MOST_RECORDS
        self.found: list[dict[str, Any]] = []
        self.ignored = 0

    def read(self, stream: IO[bytes]) -> None:
        while line := stream.readline(MOST_RECORDS):
            self._room -= len(line)
            record = _parse(line) if self._room > 0 else None
            if record is None:
                self.ignored += 1
            else:
                self.found.append(record)


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


class _Tail:
    """Reads a pipe until it is closed and keeps its last part: gigabytes neither fill memory nor block the writer."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._is_cut = False

    def read(self) -> None:
        descriptor = self._stream.fileno()
        while chunk := os.read(descriptor, _CHUNK):
            kept = self._kept + chunk
            self._is_cut = self._is_cut or len(kept) > OUTPUT_TAIL
            self._kept = kept[-OUTPUT_TAIL:]

    def text(self) -> str:
        text = self._kept.decode(errors="replace")
        if self._is_cut:  # half a secret cannot be recognised: remove the line that was cut
            text = text.partition("\n")[2]
        return mask(text)
