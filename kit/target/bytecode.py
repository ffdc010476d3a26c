"""What was compiled of a target in its scratch copy, kept for the next copy: compiling and rewriting tests anew costs a
second or two at every start. It lies in the user's cache folder, never in the target.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.target.user_cache import cache_file

#: more than this is not kept of one target, in bytes; and of so many targets at most
_MOST_BYTES, _MOST_TARGETS = 64_000_000, 20


class _Compiled(msgspec.Struct, frozen=True, array_like=True):
    """A file of bytecode, and what its source was like: time of change (ns) and size."""

    mtime_ns: int
    size: int
    data: bytes


def keep_bytecode(target: Target, root: Path, folders: Iterable[Path]) -> None:
    """Keep what was compiled of the files in these folders of the copy at ``root``. A cache that cannot be written is
    no error: the next run is slower, that is all.
    """
    file = cache_file(target, "bytecode")
    if file is None:
        return
    known = _load(file)
    found: dict[str, _Compiled] = {}
    for folder in sorted(set(folders)):
        for compiled in sorted((folder / "__pycache__").glob("*.pyc")):
            with contextlib.suppress(OSError, ValueError):
                status = _source_of(compiled).stat()
                path = compiled.relative_to(root).as_posix()
                entry = known.get(path)
                if entry is None or (entry.mtime_ns, entry.size) != (status.st_mtime_ns, status.st_size):
                    entry = _Compiled(status.st_mtime_ns, status.st_size, compiled.read_bytes())
                found[path] = entry
    merged = {path: entry for path, entry in known.items() if _source_of(root / path).exists()} | found
    if merged != known and sum(len(entry.data) for entry in merged.values()) <= _MOST_BYTES:
        _save(file, merged)


def give_back_bytecode(target: Target, root: Path) -> None:
    """Put what was kept beside the files of a new copy at ``root`` that have not changed since."""
    file = cache_file(target, "bytecode")
    for path, entry in _load(file).items() if file else ():
        to = root / path
        with contextlib.suppress(OSError):
            status = _source_of(to).stat()
            if (entry.mtime_ns, entry.size) == (status.st_mtime_ns, status.st_size):
                to.parent.mkdir(exist_ok=True)
                to.write_bytes(entry.data)


def _source_of(compiled: Path) -> Path:
    """``a/b.py`` of ``a/__pycache__/b.cpython-311-pytest-9.2.0.pyc``."""
    return compiled.parent.parent / f"{compiled.name.partition('.')[0]}.py"


def _load(file: Path) -> dict[str, _Compiled]:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=dict[str, _Compiled])
    except (OSError, msgspec.DecodeError):
        return {}


def _save(file: Path, entries: dict[str, _Compiled]) -> None:
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.msgpack.encode(entries))
        Path(name).replace(file)
        others = sorted(file.parent.glob("*.msgpack"), key=lambda one: one.stat().st_mtime)
        for old in others[:-_MOST_TARGETS]:
            old.unlink()
