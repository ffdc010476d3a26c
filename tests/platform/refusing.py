"""Refuses what Windows does not have in a whole process, whoever asks: kit, the tests of an app, their packages.

Names are removed where nothing of the standard library needs them here; what is left is refused when it happens, by an
audit hook. ``subprocess`` and psutil keep what they stand on.
"""

from __future__ import annotations

import faulthandler
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

#: names that are gone for every module of a process
GONE: Mapping[ModuleType, str] = {
    faulthandler: "register unregister",
    os: "fork forkpty killpg posix_spawn posix_spawnp register_at_fork setsid setpgid",
    select: "epoll",
    signal: "alarm getitimer pthread_kill pthread_sigmask setitimer SIGALRM SIGUSR1 SIGUSR2 SIGPIPE SIGQUIT",
    socket: "recv_fds SCM_RIGHTS send_fds",
}

#: what is refused whenever it happens, by the names of audit events
EVENTS = ("os.fork", "os.forkpty", "os.killpg", "os.posix_spawn", "pty.spawn", "resource.", "fcntl.")

#: packages that have another way on Windows, which cannot be taken here
_STAND_INS = ("filelock", "psutil", "subprocess", "zmq", "jupyter_client", "jupyter_core", "sqlite3")

#: modules through which others open files
_OPENERS = ("codecs", "genericpath", "glob", "io", "os", "pathlib", "posixpath", "shutil", "tempfile", "tokenize")

#: events of files that Windows neither removes nor replaces while they are open, and how many paths each has
_MOVES = {"os.remove": 1, "os.rename": 2}

_PLACES = ("/proc/", "/sys/")

_popen = subprocess.Popen.__init__


def begin(kit: str, *, is_windows: bool) -> None:
    """Refuse all that from now on; ``kit`` is the folder of kit's own modules. macOS lacks only the places of Linux."""
    for module, names in GONE.items() if is_windows else ():
        for name in names.split():
            vars(module).pop(name, None)
    if is_windows:
        subprocess.Popen.__init__ = _without_descriptors  # type: ignore[method-assign]

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if is_windows and event.startswith(EVENTS) and not _is_for_a_stand_in():
            raise OSError(f"{event} is not there on Windows")
        if is_windows and event == "socket.__new__" and arguments[1] == socket.AF_UNIX and not _makes_a_pair():
            raise OSError(f"{event}: Windows has no sockets that are files")
        if event in ("open", "os.listdir", "os.scandir") and _is_a_place(arguments[0]) and _asks(kit):
            raise FileNotFoundError(2, "No such file or directory", arguments[0])
        if is_windows and event in _MOVES and _asks(kit):
            _refuse_open_ones(arguments[: _MOVES[event]])

    sys.addaudithook(audit)


def _without_descriptors(self: Any, *arguments: Any, **options: Any) -> None:
    if options.get("pass_fds") or options.get("preexec_fn"):
        raise ValueError("pass_fds and preexec_fn are not supported on Windows platforms")
    _popen(self, *arguments, **options)


def _is_a_place(path: Any) -> bool:
    return isinstance(path, (str, bytes)) and os.fsdecode(path).startswith(_PLACES)


def _refuse_open_ones(paths: tuple[Any, ...]) -> None:
    for path in map(os.fsdecode, paths):
        if _is_open(path):
            raise PermissionError(13, "another process uses the file (WinError 32)", path)


def _is_open(path: str) -> bool:
    """Whether this process has the file open."""
    real = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            if os.readlink(f"/proc/self/fd/{number}") == real:  # noqa: PTH115
                return True
        except OSError:
            continue  # that of the list itself
    return False


def _asks(folder: str) -> bool:
    """Whether a module below this folder opens a file, itself or through the standard library."""
    frame = sys._getframe(2)
    while frame.f_globals.get("__name__", "").partition(".")[0] in _OPENERS and frame.f_back:
        frame = frame.f_back
    return frame.f_code.co_filename.startswith(folder)


def _is_for_a_stand_in() -> bool:
    return sys._getframe(2).f_globals.get("__name__", "").partition(".")[0] in _STAND_INS


def _makes_a_pair() -> bool:
    frame = sys._getframe(2)
    return "socketpair" in (frame.f_code.co_name, frame.f_back.f_code.co_name if frame.f_back else "")
