"""What ended a process or a test, in words."""

from __future__ import annotations

import signal

from kit.facts.failures import Phase

#: the probe's exit code when it cannot speak to kit any more
CUT_OFF = 86


def exit_reason(returncode: int | None) -> str:
    """``"crashed: SIGSEGV"`` or ``"exited with 3"``; ``returncode`` as of ``subprocess``, ``None``: nobody knows."""
    if returncode is None:
        return "crashed: its process was gone"
    if returncode == CUT_OFF:
        return "crashed: it closed file descriptors that it had not opened"
    if returncode >= 0:
        return f"exited with {returncode}"
    try:
        return f"crashed: {signal.Signals(-returncode).name}"
    except ValueError:
        return f"crashed: signal {-returncode}"


def timeout_reason(limit_s: float, phase: Phase | None) -> str:
    """``"timed out after 30 s in call"``."""
    return f"timed out after {limit_s:g} s in {phase or 'call'}"
