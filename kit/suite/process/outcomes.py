"""What ended a process or a test, in words."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from kit.facts.failures import Phase
from kit.wire.layout import CUT_OFF

#: how Windows ends a process that did not end itself: as exit codes that no program chooses
_WINDOWS_STATUS = {
    0xC0000005: "access violation",
    0xC0000017: "not enough memory",
    0xC000001D: "illegal instruction",
    0xC0000094: "integer division by zero",
    0xC00000FD: "stack overflow",
    0xC000013A: "Ctrl-C",
    0xC0000374: "heap corruption",
    0xC0000409: "fast fail (abort)",
}


def exit_reason(returncode: int | None, program: str | None = None) -> str:
    """``"crashed: SIGSEGV"`` or ``"exited with 3"``; ``returncode`` as ``subprocess`` gives it, ``None``: not known.
    ``program`` is what the process had become before it was ended.
    """
    if program:
        return f"crashed: it became another program ({program})"
    if returncode is None:
        return "crashed: its process was gone"
    if returncode == CUT_OFF:
        return "crashed: it closed file descriptors that it had not opened"
    if returncode in _WINDOWS_STATUS:
        return f"crashed: {_WINDOWS_STATUS[returncode]}"
    if returncode >= 0:
        return f"exited with {returncode}"
    try:
        return f"crashed: {signal.Signals(-returncode).name}"
    except ValueError:
        return f"crashed: signal {-returncode}"


def timeout_reason(limit_s: float, phase: Phase | None) -> str:
    """``"timed out after 30 s in call"``."""
    return f"timed out after {limit_s:g} s in {phase or 'call'}"


#: what kit does when --workers is not given, and the option that does the same
_ONE_WORKER = "only one worker, as --workers 1 does"


def shared_state_reason(tests: int, files: Sequence[str] = ()) -> str:
    """Why tests that fail only beside others are counted as without them, and what comes of it. ``files`` are those
    that several of them write.
    """
    who = "1 test fails" if tests == 1 else f"{tests:,} tests fail"
    what = "share something outside of their process, such as a database or a file"
    if files:
        what = f"write the same file{'' if len(files) == 1 else 's'}: {', '.join(files)}"
    return (
        f"{who} only while other tests run at the same time: tests {what}. They are counted as without the others. "
        "Unless --workers is given, the next run lets each worker see only its own changes to the files; where that "
        f"cannot be, or has not helped, it takes {_ONE_WORKER}."
    )


def may_share_reason(tests: int) -> str:
    """The same where nothing but one run beside others shows it."""
    who = "1 test has failed once, while" if tests == 1 else f"{tests:,} tests have each failed once, while"
    return (
        f"{who} other tests ran at the same time, and passed alone and in plain order: by chance, or since tests share "
        "a file or a database. They are counted as in plain order. Unless --workers is given, the next run lets each "
        "worker see only its own changes to the files."
    )


def overlays_reason(tests: int) -> str:
    """The same of tests that fail where workers see only their own changes to the files, and pass in a plain run."""
    who = "1 test fails" if tests == 1 else f"{tests:,} tests fail"
    return (
        f"{who} only where each worker sees only its own changes to the files: tests need what others have written, or "
        "share something else. They are counted as in a plain run. Unless --workers is given, the next run takes "
        f"{_ONE_WORKER}."
    )
