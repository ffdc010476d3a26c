"""What Ctrl-C, SIGTERM and the end of a terminal (SIGHUP) do to a command: one exception, once, at a moment that fits.

A signal that this process was started to ignore, as ``nohup`` does, stays ignored. Until a command calls a function of
this module, signals do what Python lets them do.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import time
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # until this module is imported, a signal ends kit without a sentence
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from typing import Final, NoReturn

#: the exit code of a command that was interrupted
EXIT_CODE: Final = 5

_NAMES: Final = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

#: the signals that this process was not started to ignore
_SIGNALS: Final = [one for one in map(signal.Signals.__getitem__, _NAMES) if signal.getsignal(one) != signal.SIG_IGN]

#: a command that takes longer than this to end what it has started is interrupted by the next signal
_CLEANING_S: Final = 10.0

#: how often kit looks whether the exception was lost: one that is raised in a callback of C is only printed
_LOOK_AGAIN_S: Final = 0.2


class Interruption(KeyboardInterrupt):
    """A signal asks the command to end.

    A plain ``KeyboardInterrupt`` that passes through text of ``exec`` makes Python end by SIGINT instead of its exit
    code, even if it is caught.
    """


class _Moment:
    """What the next signal meets."""

    #: the time of the first signal
    interrupted_at: float | None = None
    is_held = False
    is_waiting = False


def end_at_once() -> None:
    """From now on a signal ends this process with one sentence: it has begun nothing that would be left behind."""
    _handle(_end)


def raise_once() -> None:
    """From now on a signal raises :class:`Interruption` in the main thread."""
    import threading

    sys.unraisablehook, threading.excepthook = _print_unraisable, _print_of_thread
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _look_again)
    _handle(_raise)


def has_come() -> bool:
    """Whether a signal has interrupted this process."""
    return _Moment.interrupted_at is not None


def ignore() -> None:
    """From now on signals do nothing: the process ends, or its parent decides what they mean.

    The system ignores them: while Python ends, it takes its handlers away, and a signal would end the process.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    _handle(signal.SIG_IGN)


def as_python_does() -> None:
    """Let signals do what they do in a new process of Python."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for number in _SIGNALS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@contextmanager
def held() -> Iterator[None]:
    """Let a signal wait for the end of the block, which takes less than a second; a second signal does not wait."""
    _Moment.is_held = True
    try:
        yield
    finally:
        _Moment.is_held = False
    if _Moment.is_waiting:
        _interrupt()


def _handle(action: Callable[[int, object], object] | signal.Handlers) -> None:
    for number in _SIGNALS:
        signal.signal(number, action)


def _end(_number: int, _frame: object) -> NoReturn:
    with suppress(OSError):
        os.write(2, b"kit: Interrupted.\n")
    os._exit(EXIT_CODE)


def _raise(number: int, _frame: object) -> None:
    if number != signal.SIGINT:
        _write_to_no_closed_terminal()
    before = _Moment.interrupted_at
    if _Moment.is_held and not _Moment.is_waiting:
        _Moment.is_waiting = True
    elif before is None or not _is_ending() or time.monotonic() - before > _CLEANING_S:
        _interrupt()


def _look_again(_number: int, _frame: object) -> None:
    if _is_ending():
        signal.setitimer(signal.ITIMER_REAL, _LOOK_AGAIN_S)
    else:
        _interrupt()


def _interrupt() -> NoReturn:
    _Moment.is_waiting = False
    if _Moment.interrupted_at is None:
        _Moment.interrupted_at = time.monotonic()
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, _LOOK_AGAIN_S)
    raise Interruption


def _is_ending() -> bool:
    """Whether what runs in the main thread runs because of an interruption."""
    error = sys.exc_info()[1]
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _print_unraisable(lost: sys.UnraisableHookArgs) -> None:
    if not isinstance(lost.exc_value, Interruption):  # it is raised again
        sys.__unraisablehook__(lost)


def _print_of_thread(failed: threading.ExceptHookArgs) -> None:
    import threading

    if not has_come():  # else what it works on is being ended
        threading.__excepthook__(failed)


def _write_to_no_closed_terminal() -> None:
    """Let what is still written to a terminal that is closed go nowhere: each write would fail."""
    for descriptor in (1, 2):
        with suppress(OSError):
            if stat.S_ISCHR(os.fstat(descriptor).st_mode) and not os.isatty(descriptor):
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
