"""Byte code that a process of the same interpreter writes beside source of an environment: it changes nothing.

Python and pytest write it whenever they import a file for the first time, also those of another run, an editor or a
shell that share the environment. It counts as a change where it is not what Python makes of the source beside it, or
where the source has changed too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path

_FOLDER = "__pycache__"

#: ``six.cpython-311.pyc``, ``plugin.cpython-311-pytest-9.2.0.pyc``; with a number while it is being written
_COMPILED = re.compile(r"(?P<module>[^.]+)\.\w+-\d[^/]*\.pyc(?P<unfinished>\.\d+)?")

#: the header: 4 bytes for the version, flags, then time and size of the source, or a hash of it
_HEADER, _IS_HASHED = 16, 1


def is_bytecode_folder(path: str) -> bool:
    """Whether this is a folder that Python keeps byte code in."""
    return path.rpartition("/")[2] == _FOLDER


def is_harmless_bytecode(path: str, is_unchanged: Callable[[str], bool]) -> bool:
    """Whether the file at ``path`` is byte code of the source beside it. ``is_unchanged`` tells of that source."""
    folder, _, name = path.rpartition("/")
    found = _COMPILED.fullmatch(name)
    if found is None or not is_bytecode_folder(folder):
        return False
    source = f"{folder.rpartition('/')[0]}/{found['module']}.py"
    if not is_unchanged(source):
        return False
    return found["unfinished"] is not None or _is_made_of(Path(path), Path(source))


def _is_made_of(compiled: Path, source: Path) -> bool:
    with contextlib.suppress(OSError):
        header = compiled.read_bytes()[:_HEADER]
        if header[4:8] == b"\0\0\0\0":
            status = source.stat()
            expected = (int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
            return header[8:] == b"".join(number.to_bytes(4, "little") for number in expected)
        if header[4:5] and header[4] & _IS_HASHED:
            return header[8:] == importlib.util.source_hash(source.read_bytes())
    return False
