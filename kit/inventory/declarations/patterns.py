"""What a file must have for a usage that a pattern of ``library_uses`` matches: seen without reading its tree."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

_KINDS = re.compile(r"=(?:str|int|float|dict|list|tuple|set|lambda|None|bool|bytes|#?\d+)(?=\))")
#: one argument of a call in a pattern, a call on a variable in one, and how the source of some kinds of values begins
_ARGUMENT = re.compile(r"(?P<name>\w*)\((?P<argument>\w+)=(?P<kind>\w*)\)$")
_OWNED = re.compile(r"(?:\?|\*\.)\*?(?P<owner>\w+)\.(?P<name>\w+)\(\)")
_STARTS = {"list": r"\[", "str": r"\w{0,2}[\"']", "lambda": "lambda", "None": "None"}
_OPENS = r"\((?:[\s(]|#[^\n]*\n)*"
_WORD = re.compile(r"[A-Za-z_]\w*")
_PART = re.compile(r"(?<=\*)[A-Za-z_]\w*|[A-Za-z_]\w*(?=\*)")


def may_match(pattern: str, text: str, words: Set[str]) -> bool:
    """Whether a text of these words may have a usage that matches: reading its tree takes far longer."""
    whole, parts = _words_of(pattern)
    if not whole <= words or not all(part in text for part in parts):
        return False
    hint = _hint_of(pattern)
    return hint is None or hint.search(text) is not None


@cache
def _hint_of(pattern: str) -> re.Pattern[str] | None:
    """What stands in every text with such an argument; ``None`` where the words are all that is known."""
    if owned := _OWNED.fullmatch(pattern):
        return re.compile(rf"{owned['owner']}\s*\.\s*{owned['name']}\b")
    found = _ARGUMENT.search(pattern)
    if not found or (found["argument"].isdigit() and found["argument"] != "0"):
        return None
    start = _STARTS.get(found["kind"] or "", "")
    if not found["argument"].isdigit():
        return re.compile(rf"\b{found['argument']}\s*=[\s(]*{start}")
    name = found["name"]
    is_function = name and name[0].islower()  # a class has other names where it is derived from
    return re.compile(rf"\b{name}\s*{_OPENS}{start}|\b{name}\s+as\b" if is_function else f"{_OPENS}{start}")


@cache
def _words_of(pattern: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that every file with a match has: whole ones, and parts of words (beside a ``*``)."""
    named = _KINDS.sub("=", pattern.removeprefix("argument "))
    parts = frozenset(_PART.findall(named))
    return frozenset(_WORD.findall(named)) - parts, parts


@cache
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*"))
