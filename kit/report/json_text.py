"""``incident.json`` as text, a line for each value, in pieces: of 100,000 tests it is 30 MB, and each copy counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from kit.masking import escaped_json
from kit.report.files import utf8

#: how many tests one piece holds
A_PIECE = 1_000


def pieces(incident: Mapping[str, Any], tests: Sequence[Any] | None) -> Iterator[str]:
    """The text of ``incident`` with these ``tests`` as its last member: first all but the tests, then some at a time.

    Each piece ends where a line does.
    """
    if not tests:
        yield _indented({**incident, "tests": tests}) + "\n"
        return
    yield _indented(incident).removesuffix("\n}") + ',\n "tests": [\n'
    rows, left = iter(tests), len(tests)
    while some := list(islice(rows, A_PIECE)):
        left -= len(some)
        lines = _indented(some).removeprefix("[\n").removesuffix("\n]")
        yield " " + lines.replace("\n", "\n ") + (",\n" if left else "\n")
    yield " ]\n}\n"


def _indented(value: Any) -> str:
    """JSON with a line for each value. json's own indenting takes ten times as long as encoding without."""
    try:
        text = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, which json takes
        text = utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return escaped_json(msgspec.json.format(text, indent=1).decode())
