"""Where else the secrets of a text stand in it: without their names, and beside an ellipsis.

pytest leaves out the middle of a long text, and shows it whole below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kit.masking.patterns import late
from kit.masking.randomness import is_telling, looks_random
from kit.masking.rules import Span

_ELLIPSIS = late(r"\.\.\.|\u2026")
_WORD_AFTER, _WORD_BEFORE = late(r"[\w+/=~-]+"), late(r"[\w+/=~-]+\Z")

#: what joins the parts of a name, and parts that people write: a word or a number, or one with the other behind it
_JOINT = late(r"[-_/=+~]+")
_PLAIN = late(r"(?:[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*|[A-Z]+)?\d*|\d+(?:[A-Z]?[a-z]+|[A-Z]+)")

#: how a long parameter of a test is shortened: SQLAlchemy's plugin puts a digest behind the ellipsis, at the end
_SHORTENED = late(r"[0-9a-f]{8}\](?!\w)")

#: a part of a secret that stands beside an ellipsis has at least this many characters
_SHORTEST = 4

_SHORTEST_VALUE = 6

#: how far from an ellipsis a part of a secret may reach, in characters
_FARTHEST = 240


def repeated(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """Where the secrets that were ``found`` stand once more; a short or speakable one may be an ordinary word."""
    for value in {text[start:end] for start, end in found}:
        if len(value) >= _SHORTEST_VALUE and (is_telling(value) or looks_random(value)):
            at = text.find(value)
            while at >= 0:
                yield at, at + len(value)
                at = text.find(value, at + len(value))


def beside_ellipses(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The other parts of the secrets that were ``found``, and words that look made up where a text was cut."""
    places = [place.span() for place in _ELLIPSIS.finditer(text)] if "..." in text or "\u2026" in text else []
    if not places:
        return
    spans = list(found)
    values = {text[start:end] for start, end in spans}
    ends, starts = {end for _, end in spans}, {start for start, _ in spans}
    for start, end in places:
        after, before = text[end : end + _FARTHEST], text[max(0, start - _FARTHEST) : start]
        size = max((_common(after, value) for value in values), default=0)
        word = _WORD_AFTER.match(after)
        if word and (start in ends or (_is_made_up(word[0]) and not _SHORTENED.match(after))):
            size = max(size, word.end())
        if size:
            yield end, end + size
        size = max((_common(before[::-1], value[::-1]) for value in values), default=0)
        word = _WORD_BEFORE.search(before)
        if word and (end in starts or _is_made_up(word[0])):
            size = max(size, len(word[0]))
        if size:
            yield start - size, start


def _is_made_up(word: str) -> bool:
    """Whether a word looks random, and is not a name with numbers in it: ``kwargs5-FOO``, ``srv/app1``, ``x86_64``."""
    return looks_random(word) and not all(map(_PLAIN.fullmatch, _JOINT.split(word)))


def _common(beside: str, value: str) -> int:
    """How much of the end of ``value`` (turned around: of its beginning) stands at the beginning of ``beside``."""
    for size in range(min(len(value), len(beside)), _SHORTEST - 1, -1):
        if beside.startswith(value[-size:]):
            return size
    return 0
