"""The bytecode of a scratch copy, cached for the next copy of the same target: compiling and rewriting the tests again
costs a second or two at every start. The cache is in the user's cache folder, never in the target.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.target.folders import entries_of
from kit.target.sandbox.seen import in_copy, protection_of
from kit.target.user_cache import cache_file, save_cache_file

#: the largest cache of one target, in bytes, and the largest number of targets that have one
_MOST_BYTES, _MOST_TARGETS = 64_000_000, 20

_State = tuple[int, int]  # of a source: time of change (ns) and size


class _Compiled(msgspec.Struct, frozen=True, array_like=True):
    """A file of bytecode and the state of its source. The data is a view of the cache that was read, not a copy."""

    mtime_ns: int
    size: int
    data: memoryview

    @property
    def state(self) -> _State:
        """The state of the source when it was compiled."""
        return self.mtime_ns, self.size


def keep_bytecode(target: Target, root: Path, folders: Iterable[Path]) -> None:
    """Cache the bytecode of the files in these folders of the copy at ``root``. If the cache cannot be written, the
    next run is slower; that is not an error.
    """
    file = _cache(target, root)
    if file is None:
        return
    known = _load(file)
    merged = dict(_compiled_in(root, {Path(in_copy(str(folder), root)) for folder in folders}, known))
    for path, entry in known.items():
        if path not in merged and _state_of_source(f"{root}/{path}"):
            merged[path] = entry
    if merged != known and sum(len(entry.data) for entry in merged.values()) <= _MOST_BYTES:
        save_cache_file(file, msgspec.msgpack.encode(merged), _MOST_TARGETS)


def _cache(target: Target, root: Path) -> Path | None:
    """Bytecode holds the path that its source had: one cache for each place where processes see the copy."""
    return cache_file(target, "bytecode", *(["sandbox"] if protection_of(root).covers else []))


def _compiled_in(root: Path, folders: Iterable[Path], known: dict[str, _Compiled]) -> Iterator[tuple[str, _Compiled]]:
    """The bytecode beside the sources in these folders, by its path below the root; known files are not read again."""
    for folder in sorted(folder for folder in folders if folder.is_relative_to(root)):
        for compiled in entries_of(f"{folder}/__pycache__"):
            state = _state_of_source(compiled.path)
            if state and compiled.name.endswith(".pyc") and _can_be_written(compiled.path):
                path = Path(compiled.path).relative_to(root).as_posix()
                if path in known and known[path].state == state:
                    yield path, known[path]
                else:
                    with contextlib.suppress(OSError):
                        yield path, _Compiled(*state, memoryview(Path(compiled).read_bytes()))


def _can_be_written(path: str) -> bool:
    """Whether the cache can hold a path: one that is not UTF-8 has half a surrogate in it."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def give_back_bytecode(target: Target, root: Path) -> None:
    """Put cached bytecode into a new copy at ``root``, beside the files that have not changed since."""
    file = _cache(target, root)
    folders: set[str] = set()
    for path, entry in _load(file).items() if file else ():
        to = f"{root}/{path}"
        if entry.state == _state_of_source(to):
            with contextlib.suppress(OSError):
                folder = to.rpartition("/")[0]
                if folder not in folders:
                    Path(folder).mkdir(exist_ok=True)
                    folders.add(folder)
                _write(to, entry.data)


def _write(to: str, data: memoryview) -> None:
    try:
        with open(to, "wb") as stream:  # noqa: PTH123  # as below
            stream.write(data)
    except OSError:
        os.unlink(to)  # noqa: PTH108  # Python would read the incomplete file and fail
        raise


def _state_of_source(compiled: str) -> _State | None:
    """Of ``a/b.py`` for ``a/__pycache__/b.cpython-311-pytest-9.2.0.pyc``; ``None`` when it cannot be looked at."""
    folder, _, name = compiled.rpartition("/__pycache__/")
    try:
        status = os.stat(f"{folder}/{name.partition('.')[0]}.py")  # noqa: PTH116  # of every file: paths take twice the time
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _load(file: Path) -> dict[str, _Compiled]:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=dict[str, _Compiled])
    except (OSError, msgspec.DecodeError):
        return {}
