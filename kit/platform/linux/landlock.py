"""Landlock: the kernel refuses to write into folders, where namespaces are not to be had. It runs in the guard's bare
interpreter.

Only writing below what is listed is allowed, so everything is listed that is neither protected nor above what is. A
mode, an owner and times can still be changed.
"""

from __future__ import annotations

import ctypes
import os

if __name__ == "landlock":
    import syscalls  # type: ignore[import-not-found,unused-ignore]
else:
    from kit.platform.linux import syscalls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _BENEATH = 1, 1

#: rights of ABI 1 that change something: write to a file, remove folders and files, make entries of seven kinds
_WRITE_FILE, _CHANGES = 1 << 1, sum(1 << bit for bit in (1, *range(4, 13)))
#: since ABI 2 and 3
_REFER, _TRUNCATE = 1 << 13, 1 << 14


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def protect(folders: list[str]) -> None:
    """Let this process and whatever it starts write nothing below these folders. Raises ``OSError``."""
    version = syscalls.call("syscall", _CREATE_RULESET, None, 0, _ASK_VERSION)
    rights = _CHANGES | (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    handled = _Ruleset(rights)
    ruleset = syscalls.call("syscall", _CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    try:
        for path in writable(folders):
            _allow(ruleset, path, rights)
        if os.geteuid() != 0:
            syscalls.take_no_privileges()
        syscalls.call("syscall", _RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def writable(protected: list[str]) -> list[str]:
    """Everything beside the protected folders and those above them: as few paths as possible."""
    found, folders = [], ["/"]
    for folder in folders:  # grows
        prefix = folder.rstrip("/") + "/"
        for entry in os.scandir(folder):
            path = prefix + entry.name
            if entry.is_symlink() or path in protected:
                continue
            if any(one.startswith(f"{path}/") for one in protected):
                folders.append(path)
            else:
                found.append(path)
    return found


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # gone meanwhile
    try:
        is_folder = os.path.isdir(path)  # noqa: PTH112  # paths of pathlib cost the guard 5 ms
        rule = _Beneath(rights if is_folder else rights & (_WRITE_FILE | _TRUNCATE), descriptor)
        syscalls.call("syscall", _ADD_RULE, ruleset, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)
