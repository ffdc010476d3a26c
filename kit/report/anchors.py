"""Stable names for the parts of the report, so that a link to one can be pasted into a chat."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set as AbstractSet
from urllib.parse import quote

from kit.masking import visible

_LONGEST = 90
_SEPARATORS = re.compile(r"[^A-Za-z0-9_.]+")
_PLAIN = re.compile(r"[A-Za-z0-9_.:/ -]*")


def slug(text: str) -> str:
    """``text`` as a fragment of letters, digits, ``_``, ``.`` and ``-``; what is a slug already stays as it is.

    Where more than separators would be lost, a hash of the whole text keeps two names apart.
    """
    readable = _SEPARATORS.sub("-", text).strip("-")
    if _PLAIN.fullmatch(text) and len(readable) <= _LONGEST:
        return readable
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable[: _LONGEST - 9].rstrip('-')}-{digest}"


def anchor(kind: str, identity: str) -> str:
    """The anchor of a cause, collision, finding, group or category: ``cause-…``."""
    return slug(f"{kind}-{identity}")


def anchor_of_test(nodeid: str) -> str:
    """The anchor of a test: its node id, percent-encoded, so that it is unique and readable."""
    return "test-" + quote(visible(nodeid), safe="/:")


def evidence_href(name: str | None, anchors: AbstractSet[str]) -> str | None:
    """The link of an evidence's anchor, or ``None`` where the report has no such part.

    The name may stand with or without ``#``, and as the raw id or as its slug.
    """
    if not name:
        return None
    name = name.removeprefix("#")
    if name.startswith("test-"):
        return "#" + anchor_of_test(name.removeprefix("test-"))
    target = slug(name)
    return f"#{target}" if target in anchors else None


def source_href(template: str | None, path: str, line: int) -> str:
    """Where a reader finds a line of the app on the web; empty where that is not known, or for a file outside of it."""
    if not template or path.startswith(("/", "..", "\\")) or ":" in path:
        return ""
    return template.replace("{path}", quote(path)).replace("{line}", str(line))
