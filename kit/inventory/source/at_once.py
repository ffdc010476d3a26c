"""Reading a few source files in kit's own process: starting another one would take longer than parsing them does."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.inventory.source.records import FileRecord
from kit.probes.source import main as probe

#: with more bytes than this, a process of the target reads: it can be stopped, and its memory is not kit's
MOST_BYTES = 100_000

_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OSError, msgspec.MsgspecError)


def read_at_once(target: Target, sizes: Mapping[str, int]) -> dict[str, FileRecord]:
    """The records of the files that kit's own Python parses, by path, where it has the grammar of the target's.

    ``sizes`` are the bytes of each file to read. Missing is whatever cannot be parsed here: the target's own
    interpreter has to say what is wrong with it.
    """
    if not _have_one_grammar(target) or sum(sizes.values()) > MOST_BYTES:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the target's source is not news
        return dict(_parsed(Path(target.root), sizes))


def _have_one_grammar(target: Target) -> bool:
    """Whether the target's Python and kit's have the same major and minor version."""
    if target.interpreter is None:
        return True
    return tuple(target.interpreter.version.split(".")[:2]) == tuple(map(str, sys.version_info[:2]))


def _parsed(root: Path, paths: Mapping[str, int]) -> Iterator[tuple[str, FileRecord]]:
    for path in paths:
        try:
            record = probe.parsed((root / path).read_bytes()) | {"path": path}
            # a string literal may hold half a surrogate pair, which is replaced as the probe does
            line = json.dumps(record, ensure_ascii=False).encode(errors="replace")
            yield path, msgspec.json.decode(line, type=FileRecord)
        except _UNREADABLE:  # the probe looks at it again, and says what is wrong
            continue
