"""Processes that tests leave behind: whose they are, and which test has started them (Linux; elsewhere none is found).

Each worker raises its ``oom_score_adj``, the number by which the kernel chooses what to end when memory is short, to a
value of its own. So tests go before anything else on the machine. All descendants inherit the number, whatever session,
group or parent they choose, so it also shows which worker started them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

import kit.probes
from kit.masking import mask
from kit.platform import signalling
from kit.platform.process_facts import inner_pid, oom_mark
from kit.target import descendants
from kit.wire.layout import mark_of_slot

#: what is kept of a command
_LONGEST_NAME = 80

#: helpers of Python's own, which end with the process that they help
_HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")

#: how long killed processes may take to end, in seconds
_KILL_LIMIT = 5.0


def leftovers(root: int, owner: int, slot: int) -> list[int]:
    """The processes below ``root`` that descend from ``owner``, which runs tests in ``slot``."""
    mark = str(mark_of_slot(slot))
    return [pid for pid in descendants(root) if pid != owner and oom_mark(pid) == mark and _is_alive(pid)]


def end_leftovers(root: int, owner: int, slot: int) -> None:
    """End them, and what they start meanwhile."""
    deadline = time.monotonic() + _KILL_LIMIT
    while (left := leftovers(root, owner, slot)) and time.monotonic() < deadline:
        for pid in left:
            signalling.kill(pid)
        time.sleep(0.001)


def who_left(owner: int, ran: Sequence[tuple[int, int]], pids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of the processes that each test has started.

    ``ran`` are the tests that ``owner`` has run, in order, as pairs of their index and the newest process id of the
    system when they ended: a process was started by the first test that ended with a higher id than its own.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for pid in pids:
        index, name = _starter(inner_pid(owner), ran, inner_pid(pid)), _name(pid)
        if index is not None and name is not None:
            found[index].append(name)
    return {index: tuple(names) for index, names in found.items()}


def _starter(owner: int, ran: Sequence[tuple[int, int]], pid: int) -> int | None:
    earlier = owner
    for index, newest in ran:
        began_anew = newest < earlier
        if earlier < pid <= newest or (began_anew and (pid > earlier or pid <= newest)):
            return index
        earlier = newest
    return None


def _name(pid: int) -> str | None:
    """A short form of its command, ``None`` for a helper or one that is gone."""
    try:
        process = psutil.Process(pid)
        words = process.cmdline() or [process.name()]
    except psutil.Error:
        return None
    line = " ".join([Path(words[0]).name, *words[1:]]).replace("\n", " ")
    if any(helper in line for helper in _HELPERS):
        return None
    if " ".join(kit.probes.command("suite.main")) in line:
        return "a fork of the process that runs the tests"
    return mask(line)[:_LONGEST_NAME]


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.Error:
        return False
