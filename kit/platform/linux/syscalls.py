"""The kernel's calls that :mod:`os` lacks, with their errors as exceptions. It runs in the guard's bare interpreter."""

from __future__ import annotations

import ctypes
import os

NEW_MOUNTS, NEW_USER, NEW_PIDS = 0x20000, 0x10000000, 0x20000000
READ_ONLY, REMOUNT, BIND, RECURSIVE, SLAVE = 1, 32, 4096, 16384, 1 << 19

_SET_DEATH_SIGNAL, _SET_SUBREAPER, _DROP_FROM_BOUNDING, _NO_NEW_PRIVILEGES = 1, 36, 24, 38
_MOUNT_SETATTR, _HERE = 442, -100
_CAPABILITIES_3 = 0x20080522
#: with these root could look through other processes at what is covered, take the cover off, and open by a handle
#: what lies below it
SYS_PTRACE, SYS_ADMIN, DAC_READ_SEARCH = 19, 21, 2

_LIBRARY = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library. Raises ``OSError`` that names it."""
    result: int = getattr(_LIBRARY, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(namespaces: int) -> None:
    """Leave these namespaces for new ones."""
    call("unshare", namespaces)


def mount(source: str, at: str, kind: str, flags: int = 0, options: str = "") -> None:
    """Mount a file system, or a folder when ``flags`` say so. The error names the place."""
    try:
        call(
            "mount",
            *(os.fsencode(text) for text in (source, at, kind)),
            ctypes.c_ulong(flags),
            os.fsencode(options) if options else None,
        )
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({at})") from None


def make_read_only(place: str) -> None:
    """Refuse to write below a mount (Linux 5.12)."""
    wanted = (ctypes.c_uint64 * 4)(1, 0, 0, 0)  # read-only is set, nothing is cleared
    call("syscall", _MOUNT_SETATTR, _HERE, os.fsencode(place), 0, ctypes.byref(wanted), ctypes.sizeof(wanted))


def become_subreaper() -> None:
    """Whatever a descendant leaves behind becomes a child of this process."""
    call("prctl", _SET_SUBREAPER, 1, 0, 0, 0)


def signal_when_parent_dies(number: int) -> None:
    """Get this signal when the parent is gone."""
    call("prctl", _SET_DEATH_SIGNAL, number, 0, 0, 0)


def take_no_privileges() -> None:
    """Let no program that is started from here gain rights."""
    call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)


def drop_all_capabilities() -> None:
    """Give up what a user namespace has given."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
    call("capset", header, (ctypes.c_uint32 * 6)())


def drop(capability: int) -> None:
    """Give up a right, for every program that is started from here too."""
    call("prctl", _DROP_FROM_BOUNDING, capability, 0, 0, 0)
    header, sets = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    call("capget", header, sets)
    for at in range(3):  # effective, permitted, inheritable
        sets[at] &= ~(1 << capability)
    call("capset", header, sets)
