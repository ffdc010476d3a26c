"""A view of the files that a process has for itself: it sees the tree as it was, and only its own changes to it.

Linux: an overlay in a mount namespace of its own, over the root of the scratch copy. Both are gone with the last
process that has them. The probe ``system.overlay FOLDER`` tells whether that works here, for the current folder, by its
exit code.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List


NEW_NAMESPACE, NEW_USER = 0x20000, 0x10000000
BIND, RECURSIVE, SLAVE = 0x1000, 0x4000, 1 << 19
CAPABILITIES_3, MAY_MOUNT = 0x20080522, 1 << 21


def try_view(root: str, folder: str) -> str:
    """See ``root`` through an overlay from now on, whose changes go below ``folder``; why not, ``""`` when it works.

    The process must have one thread. Its working directory, if it lies below ``root``, is the same one in the view.
    """
    try:
        take_view(root, folder)
    except (OSError, ImportError, AttributeError) as error:  # an old kernel, no right, another system
        return str(error)
    return ""


def take_view(root: str, folder: str) -> None:
    import ctypes  # only processes with an overlay need it

    libc, here = Library(ctypes), os.getcwd()
    with contextlib.ExitStack() as closing:
        more = b",redirect_dir=on"  # or no folder of the tree could be renamed
        if libc.unshare(NEW_NAMESPACE) != 0:
            rights = rights_now(libc, ctypes)
            become_mighty(libc)
            closing.callback(limit_rights, libc, ctypes, rights)
            more = b",userxattr"
        libc.check(libc.mount(b"none", b"/", None, RECURSIVE | SLAVE, None))  # what is mounted here stays here
        folders = [root, made(changes_in(folder)), made(os.path.join(folder, "work"))]
        os.chmod(folders[1], stat.S_IMODE(os.stat(root).st_mode))  # it stands for the root
        options = b"lowerdir=%s,upperdir=%s,workdir=%s" % tuple(opened(path, closing) for path in folders)
        inside = [(path, opened(path, closing)) for path in mounted_below(root)]
        libc.check(libc.mount(b"overlay", os.fsencode(root), b"overlay", 0, options + more))
        for path, source in inside:  # an overlay does not show what is mounted in its lower folder
            libc.check(libc.mount(source, os.fsencode(path), None, BIND | RECURSIVE, None))
    os.chdir(here)


class Library:
    """The C library's functions, and its errors as exceptions."""

    def __init__(self, ctypes: Any) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        self.unshare, self.mount = library.unshare, library.mount
        self.capget, self.capset = library.capget, library.capset
        self._errno = ctypes.get_errno

    def check(self, result: int) -> None:
        if result:
            raise OSError(self._errno(), os.strerror(self._errno()))


def changes_in(folder: str) -> str:
    """Where the changes are that go below ``folder``."""
    return os.path.join(folder, "changes")


def made(path: str) -> str:
    os.makedirs(path)
    return path


def mounted_below(root: str) -> List[str]:
    """The folders below ``root`` that file systems are mounted at, without those that lie in others."""
    with open("/proc/self/mountinfo", "rb") as lines:
        places = sorted({line.split()[4] for line in lines})
    prefix = os.fsencode(os.path.join(root, ""))
    found: List[str] = []
    for place in (os.fsdecode(unescaped(place)) for place in places if unescaped(place).startswith(prefix)):
        if not any(place.startswith(os.path.join(other, "")) for other in found):
            found.append(place)
    return found


def unescaped(path: bytes) -> bytes:
    """A path as the kernel writes it in lists: blanks and the like are octal numbers."""
    for character in (b" ", b"\t", b"\n", b"\\"):
        path = path.replace(b"\\%03o" % ord(character), character)
    return path


def opened(path: str, closing: contextlib.ExitStack) -> bytes:
    """A name for a folder without commas and colons, which mean something in options."""
    descriptor = os.open(path, os.O_RDONLY)
    closing.callback(os.close, descriptor)
    return b"/proc/self/fd/%d" % descriptor


def become_mighty(libc: Library) -> None:
    """In a user namespace of its own a process may do anything, with what belongs to the namespace."""
    user, group = os.geteuid(), os.getegid()
    libc.check(libc.unshare(NEW_NAMESPACE | NEW_USER))
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", "%d %d 1" % (user, user))
    write("/proc/self/gid_map", "%d %d 1" % (group, group))


def rights_now(libc: Library, ctypes: Any) -> Any:
    """The rights of this process, but the one to mount: root has some, also in a sandbox, and others have none."""
    rights = (ctypes.c_uint32 * 6)()
    libc.check(libc.capget((ctypes.c_uint32 * 2)(CAPABILITIES_3, 0), rights))
    for at in range(3):  # effective, permitted, inheritable
        rights[at] &= ~MAY_MOUNT
    return rights


def limit_rights(libc: Library, ctypes: Any, rights: Any) -> None:
    """Have no more rights in the namespace than outside of it: root may still write where a mode forbids it."""
    libc.check(libc.capset((ctypes.c_uint32 * 2)(CAPABILITIES_3, 0), rights))


def write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def main(folder: str) -> None:
    sys.exit(try_view(os.getcwd(), folder) or 0)
