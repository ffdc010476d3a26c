"""States of objects that are written in C: what stands for what such an object holds, as a short text.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import array
import functools
import gc
import hashlib
import io
import itertools
import operator
import os
import random
import sys
import types

from ..system.process_ids import waits_of
from .nodes import ChangedEntry, WatchedContainer
from .values import describe, is_a

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, Optional, Tuple


#: of a larger object only the size is looked at, in bytes
MOST_BYTES = 4096

#: how many entries of a folder are looked at
MOST_FILES = 500

#: bound before a test can replace them
SCANDIR, FSPATH = os.scandir, os.fspath


class Version:
    """What an object holds now, as a sequence with one text; the same text object while nothing has changed."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._read, self._last = read, ""

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        try:
            now = self._read()
        except Exception as error:  # it is closed, or belongs to another thread
            now = type(error).__name__
        if now != self._last:
            self._last = now
        return iter((self._last,))


class Versioned(WatchedContainer):
    """An object of which a version can be read."""

    kind = "version"
    __slots__ = ()

    def changes(self) -> Iterable[ChangedEntry]:
        before, (after,) = next(iter(self.values)), tuple(self.view)
        return [ChangedEntry(self, None, before, after)] if before != after else []

    def restore(self, _key: Any, before: Any) -> None:
        """Nothing puts it back."""


def reader_of(value: Any) -> Optional[Callable[[], str]]:
    """How to read the version of an object; ``None`` for types of which kit knows nothing."""
    kind = type(value)
    read = READERS.get(id(kind))  # a metaclass may have a hash of its own
    if read is not None:
        return functools.partial(read, value)
    name = "%s.%s" % (kind.__module__, kind.__qualname__) if is_a(kind, type) else ""
    late = LATE.get(name)
    if late is not None:
        return lambda: late(value)
    sqlite3 = sys.modules.get("_sqlite3")
    if sqlite3 is not None and is_a(value, sqlite3.Connection) and not gc.is_tracked(value):
        return lambda: "%d rows changed" % value.total_changes  # before Python 3.10; later, see databases.py
    return None


def of_bytes(value: Any) -> str:
    size = memoryview(value).nbytes
    return digest(bytes(value)) if size <= MOST_BYTES else "%d bytes" % size


def of_stream(value: Any) -> str:
    return describe(value.getvalue()) if value.tell() <= MOST_BYTES else "%d written" % value.tell()


def of_generator(value: Any) -> str:
    """Where a generator has stopped, and what its variables hold there."""
    frame = value.gi_frame
    if frame is None:
        return "over"
    return digest(repr((frame.f_lasti, [(name, describe(one)) for name, one in frame.f_locals.items()])).encode())


def of_iterator(value: Any) -> str:
    """How much an iterator has left, or those that it takes from."""
    if type(value) not in TAKING:
        return "%d left" % operator.length_hint(value)
    return " and ".join(of_iterator(one) for one in gc.get_referents(value) if type(one) in ITERATORS)


def of_process(value: Any) -> str:
    """How often a program has waited for something so far: once more with each answer."""
    return digest(waits_of(value.pid))


def of_path(value: Any) -> str:
    """What lies in a folder."""
    return digest(repr(sorted(listed(FSPATH(value), MOST_FILES))).encode("utf-8", "replace"))


def listed(folder: str, most: int) -> Iterator[Tuple[str, int, int]]:
    """Each file below a folder with its size and time of change."""
    waiting = [folder]
    while waiting and most:
        with SCANDIR(waiting.pop()) as entries:
            for entry in entries:
                most -= 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    yield entry.path, -1, -1
                else:
                    stat = entry.stat(follow_symlinks=False)
                    yield entry.path, stat.st_size, stat.st_mtime_ns
                if not most:
                    return


def digest(data: bytes) -> str:
    return "contents %s" % hashlib.sha256(data).hexdigest()[:8]


#: iterators that know how much they have left, and those that take from others
CONTAINERS: Tuple[Iterable[Any], ...] = ([], (), "", b"", range(0), {}, {}.values(), {}.items())
KNOWING = tuple(type(iter(one)) for one in CONTAINERS)
TAKING = (map, zip, filter, enumerate, itertools.chain, itertools.cycle, itertools.islice)
ITERATORS = frozenset((*KNOWING, *TAKING))

READERS: Dict[int, Callable[[Any], str]] = {
    id(bytearray): of_bytes,
    id(memoryview): of_bytes,
    id(array.array): of_bytes,
    id(io.StringIO): of_stream,
    id(io.BytesIO): of_stream,
    id(itertools.count): repr,
    id(types.GeneratorType): of_generator,
    **{id(kind): of_iterator for kind in ITERATORS},
    id(random.Random): lambda value: digest(repr(value.getstate()).encode()),
}

#: types of modules that need not be imported
LATE = {
    "numpy.ndarray": of_bytes,
    "numpy.random._generator.Generator": lambda value: digest(repr(value.bit_generator.state).encode()),
    "numpy.random.mtrand.RandomState": lambda value: digest(repr(value.get_state()).encode()),
    "mmap.mmap": of_bytes,
    **dict.fromkeys(("_thread.lock", "_thread.RLock"), lambda value: repr(value).partition(" ")[0]),  # "<locked"
    "_queue.SimpleQueue": lambda value: "%d waiting" % value.qsize(),
    "subprocess.Popen": of_process,
    "asyncio.subprocess.Process": of_process,
    "multiprocessing.managers.SyncManager": lambda value: of_process(value._process),
    **dict.fromkeys(
        ("multiprocessing.context.%sProcess" % how for how in ("", "Fork", "Spawn", "ForkServer")), of_process
    ),
}
