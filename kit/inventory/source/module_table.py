"""Which modules code puts into ``sys.modules`` by their names, so that an import finds them without a file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_TABLE = b"sys.modules"
_NAME = re.compile(rb"""["']([A-Za-z_]\w*(?:\.\w+)+)["']""")


def replaced_modules(root: Path, paths: Iterable[str]) -> frozenset[str]:
    """The dotted names in the strings of each file that mentions ``sys.modules``."""
    found: set[str] = set()
    for path in paths:
        try:
            text = (root / path).read_bytes()
        except OSError:
            continue
        if _TABLE in text:
            found.update(name.decode() for name in _NAME.findall(text))
    return frozenset(found)
