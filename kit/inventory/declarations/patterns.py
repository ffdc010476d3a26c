"""What a file must have for a usage that a pattern of ``library_uses`` matches: seen without reading its tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache

from kit.facts.upgrades import ANY_FILE

_KINDS = re.compile(r"=(?:str|int|float|dict|list|tuple|set|lambda|None|bool|bytes|#?\d+)(?=\))")
#: one argument of a call in a pattern, a call on a variable in one, and how the source of some kinds of values begins
_ARGUMENT = re.compile(r"(?P<name>\w*)\((?P<argument>\w+)=(?P<kind>\w*)\)$")
_OWNED = re.compile(r"(?:\?|\*\.)\*?(?P<owner>\w+)\.(?P<name>\w+)\(\)")
_STARTS = {"list": r"\[", "str": r"\w{0,2}[\"']", "lambda": "lambda", "None": "None"}
_OPENS = r"\((?:[\s(]|#[^\n]*\n)*"
_WORD = re.compile(r"[A-Za-z_]\w*")
_WORDS = re.compile(r"\w+")
_PART = re.compile(r"(?<=\*)[A-Za-z_]\w*|[A-Za-z_]\w*(?=\*)")
#: where a text may name what belongs to a library: behind a dot, behind ``from``, and all that an import lists
_NAMING = re.compile(
    r"\.(?=(?:[\s\\]|#[^\n]*+)*+(\w+))"
    r"|\bfrom(?=[\s\\]+(\w+))"
    r"|\bimport\b(?=(?:[^\S\n]|\\\n)*+(\((?:[^)#]|#[^\n]*+)*+\)|(?:\\\n|[^\n])*+))"
)
_LISTED = re.compile(r"(?<!\bas )\b\w+")


class SoughtUses:
    """The patterns of many ids (``wanted``), found by a word that each text with a match has: so a file costs what its
    words name, and not what is searched for. ``modules`` has the top-level modules of the libraries, by the same ids.
    """

    def __init__(self, wanted: Mapping[str, Sequence[str]], modules: Mapping[str, Sequence[str]]) -> None:
        self.modules = modules
        self._by_word: dict[tuple[str, ...], dict[str, list[tuple[int, str, str]]]] = {}
        self._by_top: dict[str, set[tuple[str, ...]]] = {}
        every = [(identity, pattern) for identity, patterns in wanted.items() for pattern in patterns]
        for at, (identity, pattern) in enumerate(every):
            tops = tuple(modules[identity])
            word = max(_words_of(pattern)[0].difference(tops), key=len, default="")
            self._by_word.setdefault(tops, {}).setdefault(word, []).append((at, identity, pattern))
        for tops in self._by_word:
            for name in tops:
                self._by_top.setdefault(name, set()).add(tops)

    def in_text(self, text: str) -> dict[str, list[str]]:
        """By id: the patterns that the text may have a match of. Most texts name no module of most libraries."""
        named = named_words(text)
        near = {tops for name in (*(named & self._by_top.keys()), ANY_FILE) for tops in self._by_top.get(name, ())}
        words = set(_WORDS.findall(text)) if near else set()
        found: dict[str, list[str]] = {}
        for _, identity, pattern in sorted(self._holding(near, words)):
            if may_match(pattern, text, words, named):
                found.setdefault(identity, []).append(pattern)
        return found

    def _holding(self, near: Iterable[tuple[str, ...]], words: Set[str]) -> Iterator[tuple[int, str, str]]:
        for tops in near:
            by_word = self._by_word[tops]
            for word in ("", *(by_word.keys() & words)):
                yield from by_word.get(word, ())


def named_words(text: str) -> set[str]:
    """The words with which a text may name modules, and what they hold: of ``import numpy as np`` and ``np.zeros`` not
    ``np``. Those in its strings and comments are among them.
    """
    found: set[str] = set()
    for attribute, source, listed in _NAMING.findall(text):
        found.update(_LISTED.findall(listed) if listed else (attribute or source,))
    return found


def may_match(pattern: str, text: str, words: Set[str], named: Set[str]) -> bool:
    """Whether a text of these words, and of these ``named_words``, may have a usage that matches: reading its tree
    takes far longer.
    """
    whole, parts = _words_of(pattern)
    if not whole <= (named if is_name(pattern) else words) or not all(part in text for part in parts):
        return False
    hint = _hint_of(pattern)
    return hint is None or hint.search(text) is not None


def is_name(pattern: str) -> bool:
    """Whether a pattern is a dotted name, or all that begins with one (``name.*``)."""
    return all(map(str.isidentifier, pattern.removesuffix(".*").split(".")))


@cache
def _hint_of(pattern: str) -> re.Pattern[str] | None:
    """What stands in every text with such an argument; ``None`` where the words are all that is known. It begins with
    the word itself where it can: a text is searched many times faster for that than for the edge of a word.
    """
    if owned := _OWNED.fullmatch(pattern):
        return re.compile(rf"{owned['owner']}\s*\.\s*{owned['name']}\b")
    found = _ARGUMENT.search(pattern)
    if not found or (found["argument"].isdigit() and found["argument"] != "0"):
        return None
    start = _STARTS.get(found["kind"] or "", "")
    if not found["argument"].isdigit():
        return re.compile(rf"{found['argument']}\s*=[\s(]*{start}")
    name = found["name"]
    is_function = name and name[0].islower()  # a class has other names where it is derived from
    return re.compile(rf"{name}(?:\s*{_OPENS}{start}|\s+as\b)" if is_function else f"{_OPENS}{start}")


@cache
def _words_of(pattern: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words that every file with a match has: whole ones, and parts of words (beside a ``*``)."""
    if is_name(pattern):  # there can be thousands of these
        return frozenset(pattern.removesuffix(".*").split(".")), frozenset()
    named = _KINDS.sub("=", pattern.removeprefix("argument "))
    parts = frozenset(_PART.findall(named))
    return frozenset(_WORD.findall(named)) - parts, parts


@cache
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*"))
