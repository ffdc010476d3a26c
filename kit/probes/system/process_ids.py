"""What the kernel tells of processes: the newest id, children, waits; a mark that descendants inherit."""

from __future__ import annotations

import os

from ...wire.layout import mark_of_slot

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Optional


OPEN, LIST = open, os.listdir  # bound before a test can replace them


class Pids:
    """The newest process id of the system: whatever is started later has a higher one (until they begin anew)."""

    def __init__(self) -> None:
        try:
            self._descriptor = os.open("/proc/loadavg", os.O_RDONLY)
            self._read = os.pread
        except (OSError, AttributeError):
            self._descriptor = -1

    def newest(self) -> Optional[int]:
        """The newest process id, ``None`` where it is not known; takes three microseconds."""
        if self._descriptor < 0:
            return None
        try:
            return int(self._read(self._descriptor, 64, 0).rsplit(None, 1)[1])
        except Exception:
            return None  # a test has closed what it had not opened


def mark_descendants(slot: int) -> None:
    """Whatever is started from now on bears the number of its worker, as long as it lives and wherever it goes: kit
    knows by it what tests have left behind. It also makes the kernel, when memory ends, take tests before all else.
    """
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return  # no Linux
    try:
        os.write(descriptor, b"%d" % mark_of_slot(slot))
    except OSError:
        pass  # a machine on which it is higher already and must not be lowered
    finally:
        os.close(descriptor)


def waits_of(pid: int) -> bytes:
    """How often each thread of a process has waited for something. Raises ``OSError`` where that is not known."""
    found = []
    for thread in LIST("/proc/%d/task" % pid):
        with OPEN("/proc/%d/task/%s/status" % (pid, thread), "rb") as lines:
            found += [line for line in lines if line.startswith(b"voluntary")]
    return b"".join(found)


def own_children() -> str:
    """The processes that the main thread has started and nobody has waited for. Raises ``OSError`` where that is not
    known.
    """
    with OPEN("/proc/self/task/%d/children" % os.getpid(), "rb") as ids:
        return ids.read().decode().strip() or "none"
