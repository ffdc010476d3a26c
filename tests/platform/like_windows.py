"""Lets kit's own modules see a Python without what only POSIX systems have, as on Windows, or only Linux, as on macOS.

The standard library and other packages keep what they need; what :mod:`tests.platform.refusing` refuses, it refuses for
them too, and the tests of an app import no module that Windows lacks. Every Python that is started with
:func:`environment` takes part, by the ``sitecustomize`` on its path.
"""

from __future__ import annotations

import builtins
import os
import select
import selectors
import stat
import subprocess
import sys
import sysconfig
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: modules that are not there on Windows
WITHOUT = frozenset({"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"})

OS = """
    chown copy_file_range fchmod fchown fork forkpty get_blocking getegid geteuid getgid getgroups getpgid getpgrp
    getsid getuid killpg lchown memfd_create mkfifo mknod nice O_CLOEXEC O_DIRECTORY O_NOFOLLOW openpty pidfd_open
    pipe2 posix_fadvise posix_spawn pread preadv pwrite register_at_fork sched_getaffinity sendfile set_blocking
    setgid setpgid setsid setuid statvfs sync sysconf sysconf_names ttyname uname wait wait3 wait4 waitid chroot
    confstr confstr_names eventfd fchdir fdatasync fpathconf getloadavg getpriority getxattr initgroups listxattr
    lockf O_ASYNC O_DIRECT O_DSYNC O_NOATIME O_NOCTTY O_NONBLOCK O_PATH O_SYNC pathconf pathconf_names
    posix_fallocate preadv pwritev removexattr sched_getscheduler sched_yield SEEK_DATA SEEK_HOLE setxattr tcgetpgrp
    WEXITSTATUS WIFEXITED WIFSIGNALED WIFSTOPPED WNOHANG WTERMSIG
"""
SIGNAL = """
    alarm pthread_kill pthread_sigmask setitimer SIGALRM SIGCHLD SIGCONT SIGHUP siginterrupt SIGKILL SIGPIPE SIGQUIT
    SIGRTMAX SIGRTMIN SIGSTOP sigtimedwait SIGTSTP SIGUSR1 SIGUSR2 sigwait SIGWINCH SIGXCPU SIGXFSZ
    SIG_BLOCK SIG_UNBLOCK
"""

#: names that these modules have on POSIX systems alone
MISSING: Mapping[str, frozenset[str]] = {
    "faulthandler": frozenset({"register", "unregister"}),
    "mmap": frozenset({"MAP_ANONYMOUS", "MAP_PRIVATE", "MAP_SHARED", "PROT_EXEC", "PROT_READ", "PROT_WRITE"}),
    "os": frozenset(OS.split()),
    "select": frozenset({"epoll", "kqueue", "poll"}),
    "selectors": frozenset({"DevpollSelector", "EpollSelector", "KqueueSelector", "PollSelector"}),
    "signal": frozenset(SIGNAL.split()),
    "socket": frozenset({"AF_UNIX", "recv_fds", "SCM_RIGHTS", "send_fds"}),
    "subprocess": frozenset(),
    "sys": frozenset(),
    "time": frozenset({"clock_getres", "clock_gettime", "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "tzset"}),
}

#: the same for macOS
OF_LINUX: Mapping[str, frozenset[str]] = {
    "os": frozenset(
        [
            "copy_file_range",
            "eventfd",
            "getxattr",
            "listxattr",
            "memfd_create",
            "O_DIRECT",
            "O_NOATIME",
            "O_PATH",
            "pidfd_open",
            "pipe2",
            "posix_fadvise",
            "posix_fallocate",
            "removexattr",
            "sched_getaffinity",
            "sched_getscheduler",
            "sched_setaffinity",
            "setxattr",
        ]
    ),
    "select": frozenset({"epoll"}),
    "selectors": frozenset({"EpollSelector"}),
    "signal": frozenset({"SIGPOLL", "SIGPWR", "SIGRTMAX", "SIGRTMIN", "sigtimedwait", "sigwaitinfo"}),
    "sys": frozenset(),
}

#: a flag of ``os.open`` that POSIX systems do not have
BINARY = 1 << 30

#: the flag of ``Popen`` with which a process leads a group
NEW_GROUP = 0x200

#: kit's own modules: in kit's processes, and as probes in those of the target
KIT = str(Path(__file__).resolve().parents[2] / "kit") + os.sep

#: where the standard library and packages are
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")} - {None})

_import = builtins.__import__
_seen: dict[str, types.ModuleType] = {}


class Popen(subprocess.Popen):  # type: ignore[type-arg]  # also read by Python 3.8
    """As on Windows, where a child process inherits no descriptors by their numbers, and leads a group by a flag."""

    def __init__(self, args: Sequence[str], **options: Any) -> None:
        if options.get("pass_fds") or options.get("preexec_fn"):
            raise ValueError("pass_fds and preexec_fn are not supported on Windows platforms")
        flags = options.pop("creationflags", 0)
        args = [word for word in args if word not in ("-I", "-S")]  # else kit's guard would not take part
        super().__init__(args, start_new_session=bool(flags & NEW_GROUP), **options)


def open_binary(path: Any, flags: int, mode: int = 0o777) -> int:
    """As on Windows, where a file is changed while it is read or written if it is not opened as a binary one."""
    if str(path).startswith("/proc/"):
        raise FileNotFoundError(2, "No such file or directory", path)
    if not flags & (BINARY | os.O_EXCL) and os.path.isfile(path):  # noqa: PTH113
        raise AssertionError(f"{path} is opened as text")
    return os.open(path, flags & ~BINARY, mode)


class Selector(selectors.SelectSelector):
    """As on Windows, which waits for sockets only, and not for none of them."""

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        descriptor = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            raise OSError(10038, "An operation was attempted on something that is not a socket")
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> Any:
        if not self.get_map():
            raise OSError(10022, "An invalid argument was supplied")
        return super().select(timeout)


def select_sockets(reading: Sequence[Any], writing: Sequence[Any], other: Sequence[Any], timeout: Any = None) -> Any:
    """The same for the function."""
    for each in (*reading, *writing, *other):
        if not stat.S_ISSOCK(os.fstat(each if isinstance(each, int) else each.fileno()).st_mode):
            raise OSError(10038, "An operation was attempted on something that is not a socket")
    return select.select(reading, writing, other, timeout)


INSTEAD: Mapping[str, Mapping[str, object]] = {
    "os": {"name": "nt", "O_BINARY": BINARY, "open": open_binary, "supports_fd": set()},
    "select": {"select": select_sockets},
    "selectors": {"DefaultSelector": Selector, "SelectSelector": Selector},
    "subprocess": {"Popen": Popen, "CREATE_NEW_PROCESS_GROUP": NEW_GROUP},
    "sys": {"platform": "win32"},
}
INSTEAD_MACOS: Mapping[str, Mapping[str, object]] = {"sys": {"platform": "darwin"}}

#: the environment variable that says which system it is, if not Windows
_SYSTEM = "LIKE_SYSTEM"


def _system() -> str:
    return os.environ.get(_SYSTEM, "windows")


def _as_seen(module: types.ModuleType) -> types.ModuleType:
    name = module.__name__
    if name not in _seen:
        missing, instead = (OF_LINUX, INSTEAD_MACOS) if _system() == "macos" else (MISSING, INSTEAD)
        seen = types.ModuleType(name)
        vars(seen).update({key: value for key, value in vars(module).items() if key not in missing[name]})
        vars(seen).update(instead.get(name, {}))
        _seen[name] = seen
    return _seen[name]


def _import_as_on_windows(
    name: str,
    globals: Mapping[str, object] | None = None,  # noqa: A002
    locals: Mapping[str, object] | None = None,  # noqa: A002
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    importer = str((globals or {}).get("__file__") or "")
    is_gone = name.partition(".")[0] in WITHOUT and _system() == "windows"
    if level == 0 and is_gone and importer and not importer.startswith(_INSTALLED):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if level == 0 and name in (OF_LINUX if _system() == "macos" else MISSING) and importer.startswith(KIT):
        return _as_seen(_import(name))
    return _import(name, globals, locals, fromlist or (), level)


def environment(system: str = "windows") -> dict[str, str]:
    """Variables with which every Python that a command starts takes part too."""
    here = Path(__file__).resolve().parent
    return {**os.environ, "PYTHONPATH": str(here / "customized"), _SYSTEM: system}


def begin() -> None:
    """From now on, kit's modules see what Windows has, and the process does what can be done there."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import refusing

    sys.path.pop(0)
    refusing.begin(KIT, is_windows=_system() == "windows")
    builtins.__import__ = _import_as_on_windows
