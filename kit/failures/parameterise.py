"""Messages without what varies: typed patterns, in a fixed order.

``"user 17 not found at 0x7f3b52215210"`` becomes ``"user <int> not found at <hex>"``. What names something of the
target stays: classes, attributes, tables, columns, modules, fixtures, indexes. A number that is part of a name
(``ix_orders_2``, ``sqlite3``) is part of the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: longer messages repeat data, not meaning
LONGEST = 600


@dataclass(frozen=True)
class _Pattern:
    """``hint`` is a character that every match contains: most messages lack most of them, and are then not scanned."""

    hint: str
    regex: re.Pattern[str]
    becomes: str


def _pattern(hint: str, regex: str, becomes: str) -> _Pattern:
    return _Pattern(hint, re.compile(regex), becomes)


_HEX = r"(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]"
_PATTERNS: tuple[_Pattern, ...] = (
    _pattern("@", r"(?<![\w.:/@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "<email>"),
    # of a web address the path stays: it says which route
    _pattern(":", r"\b(?:https?|wss?)://[^\s/'\"<>]+", "<url>"),
    _pattern(":", r"\b[a-z][a-z0-9+]*://[^\s'\"<>]+", "<url>"),
    _pattern("=", r"(?<==)(?:'[^'\n]*'|\"[^\"\n]*\")", "<value>"),
    _pattern("-", rf"\b{_HEX}{{8}}-(?:[0-9a-fA-F]{{4}}-){{3}}[0-9a-fA-F]{{12}}\b", "<uuid>"),
    _pattern("", rf"\b{_HEX}{{64}}\b|\b{_HEX}{{40}}\b", "<sha>"),
    _pattern("", rf"\b{_HEX}{{32}}\b", "<md5>"),
    _pattern(
        "-",
        r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?(?: ?(?:Z\b|[+-]\d{2}:?\d{2}\b))?",
        "<date>",
    ),
    _pattern("(", r"\bdatetime\.(?:datetime|date|time)\(\d[^()]*(?:\([^()]*\)[^()]*)*\)", "<date>"),
    _pattern(":", r"\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b", "<time>"),
    _pattern(".", r"\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b", "<ip>"),
    _pattern(":", r"\blocalhost:\d+\b", "<host>"),
    _pattern("", r"(?<![\w.])\d+(?:\.\d+)? ?(?:ms|µs|s|secs?|seconds?|mins?|minutes?|hours?|days?)\b", "<duration>"),
    _pattern("x", r"\b0x[0-9a-fA-F]+\b", "<hex>"),
    _pattern("/", r"(?<![\w>./<])(?:/[\w.@+~-]+){2,}/?|(?<![\w/>.-])(?:[\w.@+~-]+/)+[\w@+~-]+\.\w+", "<path>"),
    _pattern("\\", r"\b[A-Za-z]:\\[^\s'\":*?<>|]+", "<path>"),
    _pattern("", r"(?<![\w.])[-+]?(?:\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)(?![\w.])", "<float>"),
    # the status of an answer is its meaning, not its data
    _pattern("", r"(?<![\w.])(?<!Response \[)[-+]?\d[\d_]*(?!\w)(?!\.\d)", "<int>"),
)
#: what stands in place of what was taken out
PLACEHOLDER = re.compile("|".join(sorted({pattern.becomes for pattern in _PATTERNS})))
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s+")


def parameterise(message: str) -> str:
    """Replace what varies, collapse white space, and cut at :data:`LONGEST` characters."""
    return _parameterise(message[: 4 * LONGEST])


@lru_cache(maxsize=16_384)
def _parameterise(text: str) -> str:
    digits = _DIGIT.search(text) is not None
    for pattern in _PATTERNS:
        if pattern.hint in text if pattern.hint else digits:
            text = pattern.regex.sub(pattern.becomes, text)
    text = _SPACE.sub(" ", text).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
