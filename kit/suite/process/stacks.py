"""The Python stack of a process: written by the process when it crashes or gets a signal, or read from outside."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sysconfig
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kit.platform.process_facts import inner_pid
from kit.probes.system.stack_signal import STACK_SIGNAL

#: how long a process may take to write its stack, and how often it is looked at, in seconds
_DUMP_LIMIT, _DUMP_TICK = 0.6, 0.02

#: how long reading a stack from outside may take, in seconds (10 to 20 ms are usual), and how often it is tried: what a
#: busy process changes meanwhile cannot be read
_READ_LIMIT, _READINGS = 2.0, 2

_PY_SPY = Path(sysconfig.get_path("scripts"), "py-spy").with_suffix(sysconfig.get_config_var("EXE") or "")


class _Frame(msgspec.Struct):
    name: str
    filename: str
    line: int


class _Thread(msgspec.Struct):
    pid: int
    thread_id: int
    frames: list[_Frame]
    thread_name: str | None = None
    os_thread_id: int | None = None


def dump_stack(pid: int | None, path: Path) -> str:
    """The stacks of a process's threads as faulthandler writes them; ``""`` when none can be had.

    They are read from its memory, which works for one that blocks all signals, or is stopped, too. Where that cannot be
    done a signal asks it, **which can wake it up**: what it says from then on must not count.
    """
    if stack := peek(pid):
        return stack
    if pid is None:
        return ""
    if not STACK_SIGNAL:  # Windows: signal 0 is a Ctrl-C there
        return read_stack(path)
    before = _size(path)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, STACK_SIGNAL)
    deadline, seen = time.monotonic() + _DUMP_LIMIT, before
    while time.monotonic() < deadline:
        time.sleep(_DUMP_TICK)
        size = _size(path)
        if size > before and size == seen:
            break
        seen = size
    return read_stack(path)


def peek(pid: int | None) -> str:
    """The same without the process noticing: py-spy reads its memory while it goes on. ``""`` where that is not allowed
    (macOS without root, Linux with ``ptrace_scope`` above 0), or where py-spy does not know the interpreter.
    """
    if pid is None or not _PY_SPY.exists():
        return ""
    command = [str(_PY_SPY), "dump", "--nonblocking", "--json", "--pid", str(pid)]
    for _ in range(_READINGS):
        try:
            answer = subprocess.run(command, capture_output=True, timeout=_READ_LIMIT, check=True)
            return _as_faulthandler(pid, msgspec.json.decode(answer.stdout, type=list[_Thread]))
        except (OSError, subprocess.SubprocessError, msgspec.DecodeError):
            continue
    return ""


def read_stack(path: Path) -> str:
    """What was dumped so far: by :func:`dump_stack`, or by a crash."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _as_faulthandler(pid: int, threads: Iterable[_Thread]) -> str:
    lines: list[str] = []
    for thread in threads:
        is_main = thread.os_thread_id in (pid, inner_pid(pid)) or thread.thread_name == "MainThread"
        lines.append(f"{'Current thread' if is_main else 'Thread'} 0x{thread.thread_id:016x} (most recent call first):")
        lines += [
            f'  File "{each.filename}", line {each.line} in {each.name.rpartition(".")[2]}' for each in thread.frames
        ]
    return "\n".join(lines)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
