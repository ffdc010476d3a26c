"""What the guard does before it starts a command in the sandbox: it takes namespaces, and mounts the scratch copy over
the real tree. It runs in the guard's bare interpreter.

A *plan* is what :meth:`kit.target.sandbox.plan.Plan.arguments` writes on the guard's command line.
"""

from __future__ import annotations

import os
import signal
import time

if __name__ == "covering":
    import landlock  # type: ignore[import-not-found,unused-ignore]
    import syscalls  # type: ignore[import-not-found,unused-ignore]
else:
    from kit.platform.linux import landlock, syscalls

#: signals that the guard ignores, and Python too: the command gets them as they usually are
USUAL_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE, signal.SIGXFSZ)

CANNOT_START = 127

#: the ways to protect the real tree, the best first
PIDS, BIND, LANDLOCK, COPY = RUNGS = ("bind+pids", "bind", "landlock", "copy")

_FIRST = "first "  # before the id of process 1


class Orders:
    """The plan as the guard has it."""

    def __init__(self) -> None:
        self.rung = COPY
        self.guard = os.getpid()
        self.folder = ""
        self.mounts: list[tuple[str, str, str]] = []  # kind, source (or folder for changes), place
        self.protected: list[str] = []  # folders for Landlock


def parsed(words: list[str]) -> tuple[Orders, list[str]]:
    """The orders at the beginning of a command line, and the command that follows them."""
    orders = Orders()
    while words and words[0].startswith("--"):
        name = words[0]
        if name == "--rung":
            orders.rung, words = words[1], words[2:]
        elif name == "--folder":
            orders.folder, words = words[1], words[2:]
        elif name == "--protect":
            orders.protected.append(words[1])
            words = words[2:]
        else:
            orders.mounts.append((name[2:], words[1], words[2]))
            words = words[3:]
    return orders, words


class StartedCommand:
    """A command that was started. ``pid`` is the child to wait for; ``status`` the descriptor that its status comes
    from when the child is the first process of a PID namespace, else -1.
    """

    def __init__(self, pid: int, status: int) -> None:
        self.pid, self._status = pid, status

    def close_all_else(self) -> None:
        """Close every descriptor except standard ones and its own."""
        os.closerange(3, max(self._status, 3))
        os.closerange(max(self._status + 1, 3), os.sysconf("SC_OPEN_MAX"))

    def status_of(self, own: int) -> int:
        """The command's status, given that of the child."""
        if self._status < 0:
            return own
        told = os.read(self._status, 16)
        return int(told) if told else own


def start(orders: Orders, command: list[str]) -> StartedCommand:
    """Start ``command`` as ordered. Raises ``OSError`` with what the sandbox, or the command, failed at.

    A process in between takes the namespaces, so that this one stays outside and sees everybody's real ids.
    """
    told, tell = os.pipe()
    status, tell_status = os.pipe()
    go, let_go = os.pipe()
    first = os.fork()
    if first == 0:
        _in_child(orders, command, tell, tell_status, go, let_go)
    for descriptor in (tell, tell_status, go):
        os.close(descriptor)
    line = _line(told)
    if line.startswith(_FIRST):
        os.waitpid(first, 0)
        first = int(line.removeprefix(_FIRST))
        os.write(let_go, b".")
        line = _line(told)
    os.close(told)
    os.close(let_go)
    if line:
        os.close(status)
        os.waitpid(first, 0)
        number, _, text = line.partition(" ")
        raise OSError(int(number), text)
    if orders.rung != PIDS:
        os.close(status)
        status = -1
    return StartedCommand(first, status)


def _line(descriptor: int) -> str:
    """The next line from a pipe; empty when the other side has closed it."""
    text = b""
    while not text.endswith(b"\n"):
        if not (more := os.read(descriptor, 1)):
            break
        text += more
    return text.decode(errors="replace").strip()


def _in_child(orders: Orders, command: list[str], tell: int, tell_status: int, go: int, let_go: int) -> None:
    os.close(let_go)
    try:
        if orders.rung == PIDS:
            _take_namespaces(syscalls.NEW_PIDS)
            first = os.fork()
            if first:
                os.write(tell, f"{_FIRST}{first}\n".encode())
                os._exit(0)
            if not os.read(go, 1):  # the guard is the parent from here on
                os._exit(CANNOT_START)  # it is gone already
            syscalls.signal_when_parent_dies(signal.SIGKILL)
            _cover(orders)
            syscalls.mount("proc", "/proc", "proc", 14)  # nosuid, nodev, noexec
            _give_up_rights()
            os.chdir(orders.folder)
            _be_first(command, tell, tell_status)
        if orders.rung == BIND:
            _take_namespaces(0)
            _cover(orders)
            if _is_root():
                syscalls.drop(syscalls.SYS_PTRACE)  # other processes' files can be seen: not by this one
            _give_up_rights()
        if orders.rung == LANDLOCK:
            landlock.protect(orders.protected)
        if orders.folder and command:
            os.chdir(orders.folder)
        _become(command)
    except OSError as error:
        os.write(tell, f"{error.errno} {error.strerror}\n".encode(errors="replace"))
    finally:
        os._exit(CANNOT_START)


def _is_root() -> bool:
    return os.geteuid() == 0


def _take_namespaces(more: int) -> None:
    """Root needs no user namespace, which would make files of other users unreadable; others need one."""
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        syscalls.unshare(syscalls.NEW_MOUNTS | more)
    else:
        syscalls.unshare(syscalls.NEW_USER | syscalls.NEW_MOUNTS | more)
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
    syscalls.mount("none", "/", "", syscalls.RECURSIVE | syscalls.SLAVE)  # what is mounted here stays here


def _cover(orders: Orders) -> None:
    """Mount everything; the sources are opened before anything hides them."""
    sources = [_opened(place if kind == "overlay" else source) for kind, source, place in orders.mounts]
    within = {place: _mounted_below(place) for kind, _, place in orders.mounts if kind == "overlay"}
    for at, (kind, source, place) in enumerate(orders.mounts):
        below = f"/proc/self/fd/{sources[at]}"
        if kind == "bind":
            syscalls.mount(below, place, "", syscalls.BIND)
            continue
        if kind == "readonly":
            syscalls.mount(below, place, "", syscalls.BIND)
            syscalls.make_read_only(place)
            continue
        _overlay(below, _room_for_changes(f"{source}/{orders.guard}-{at}-{time.monotonic_ns()}", place), place)
        for inside, descriptor in within[place]:
            syscalls.mount(f"/proc/self/fd/{descriptor}", inside, "", syscalls.BIND | syscalls.RECURSIVE)
    for descriptor in (*sources, *(descriptor for inside in within.values() for _, descriptor in inside)):
        os.close(descriptor)


def _mounted_below(place: str) -> list[tuple[str, int]]:
    """The file systems that are mounted in a folder, each opened: an overlay does not show them."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:  # noqa: PTH123
        for line in lines:
            inside = _unescaped(line.split()[4])
            if inside.startswith(f"{place}/"):
                found.append((inside, _opened(inside)))
    return [one for one in found if not any(one[0].startswith(f"{other}/") for other, _ in found)]


def _unescaped(path: str) -> str:
    """A path as the kernel writes it in lists: blanks and the like are octal numbers."""
    for character in " \t\n\\":
        path = path.replace(f"\\{ord(character):03o}", character)
    return path


def _room_for_changes(room: str, place: str) -> str:
    """Make a folder for the writes of an overlay; its root has the mode and owner of the covered place."""
    os.makedirs(f"{room}/changes")  # noqa: PTH103
    os.mkdir(f"{room}/work")  # noqa: PTH102
    status = os.stat(place)  # noqa: PTH116
    os.chmod(f"{room}/changes", status.st_mode & 0o7777)  # noqa: PTH101
    if _is_root():
        os.chown(f"{room}/changes", status.st_uid, status.st_gid)
    return room


def _overlay(below: str, room: str, place: str) -> None:
    """Mount an overlay; where that cannot be, let the place only be read."""
    upper, work = _opened(f"{room}/changes"), _opened(f"{room}/work")
    layers = f"lowerdir={below},upperdir=/proc/self/fd/{upper},workdir=/proc/self/fd/{work}"
    options = "redirect_dir=on" if _is_root() else "userxattr"
    try:
        syscalls.mount("overlay", place, "overlay", 0, f"{layers},{options},volatile")
    except OSError:
        syscalls.mount(below, place, "", syscalls.BIND)
        syscalls.make_read_only(place)
    finally:
        os.close(upper)
        os.close(work)


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({path})") from None


def _give_up_rights() -> None:
    if _is_root():
        syscalls.drop(syscalls.DAC_READ_SEARCH)
        syscalls.drop(syscalls.SYS_ADMIN)
    else:
        syscalls.take_no_privileges()
        syscalls.drop_all_capabilities()


def _be_first(command: list[str], tell: int, tell_status: int) -> None:
    """Be process 1 of the namespace: start the command, take the status of whatever it leaves behind, and pass its own
    on. When this process ends, the kernel ends all others.
    """
    child = os.fork()
    if child == 0:
        try:
            _become(command)
        except OSError as error:
            os.write(tell, f"{error.errno} {error.strerror}\n".encode(errors="replace"))
        os._exit(CANNOT_START)
    os.dup2(tell_status, 3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))  # kit must notice when the command closes what it was passed
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            os.write(3, b"%d" % status)
            os._exit(0)


def _become(command: list[str]) -> None:
    """Be the command: in a session of its own, with signals as they usually are."""
    for number in USUAL_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.setsid()
    if not command:
        os._exit(0)  # it was only to be tried
    try:
        os.execv(command[0], command)  # noqa: S606  # the command is what this process is for
    except OSError as error:
        raise OSError(error.errno, f"{command[0]} cannot be started: {error.strerror}") from None


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
