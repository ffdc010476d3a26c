"""Values that are known to be secret, found wherever they show up: as they are, encoded, cut, or split over lines."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from kit.masking.randomness import is_telling
from kit.masking.rules import Hit, Span
from kit.masking.views import TextView, squeezed

#: values that are shorter than this are too likely to be ordinary words
SHORTEST = 6

#: a cut value is recognised by this many characters of it, if the whole value is longer than that by half
_PART = 8

#: as few characters of an encoded value are not looked for
_SHORTEST_CODE = 8

_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-="


@dataclass(frozen=True, eq=False)  # the same only as itself: it is the key of a cache
class KnownValues:
    """Secret values, ready to be searched for. ``plain`` are the values in all ways of writing them, ``codes`` what
    base64 makes of them, ``words`` those that count only where they stand alone, ``whole`` the values themselves.
    """

    plain: tuple[str, ...]
    codes: tuple[str, ...]
    words: re.Pattern[str] | None
    whole: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str]) -> KnownValues:
        """The values that are worth looking for. A plain word (``POSTGRES_PASSWORD=postgres``) and a number count
        only where they stand alone.
        """
        long = sorted({value for value in values if len(value) >= SHORTEST}, key=lambda value: (-len(value), value))
        words = [value for value in long if value.isalpha() or value.isdigit()]
        whole = tuple(value for value in long if value not in words)
        plain = dict.fromkeys(form for value in whole for form in _written(value))
        codes = dict.fromkeys(code for value in long for code in _codes(value) if len(code) >= _SHORTEST_CODE)
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None
        return cls(tuple(plain), tuple(codes), pattern, whole)

    def spans(self, text: str) -> Iterator[Span]:
        """Where they stand in ``text``."""
        for value in self.plain:
            yield from _each(text, value)
        for code in self.codes:
            for start, end in _each(text, code):
                yield _widened(text, start, end)
        if self.words is not None:
            yield from (found.span() for found in self.words.finditer(text))
        yield from self._cut(text)
        if "\n" in text:
            yield from self._split(text)

    def _cut(self, text: str) -> Iterator[Span]:
        """The beginnings and ends of values whose other part was cut off."""
        for value in self.whole:
            if len(value) < _PART * 3 // 2:
                continue
            head, tail = value[:_PART], value[-_PART:]
            if is_telling(head):
                for start, _ in _each(text, head):
                    yield start, start + _alike(text[start : start + len(value)], value)
            if is_telling(tail):
                for _, end in _each(text, tail):
                    yield end - _alike(text[max(0, end - len(value)) : end][::-1], value[::-1]), end

    def _split(self, text: str) -> Iterator[Span]:
        """Values in more than one line: they are searched for in the text without blanks and margins."""
        view: TextView | None = None
        for value in self.whole:
            if value[:2] not in text or value[-2:] not in text:
                continue
            view = view or squeezed(text)
            if view is None:
                return
            for start, end in _each(view.text, "".join(value.split())):
                yield view.origin(Hit(start, end, start, end))


def _written(value: str) -> list[str]:
    """The value as strings, URLs and HTML have it."""
    escaped = value.encode("unicode_escape").decode("ascii")
    return [
        value,
        escaped,
        escaped.replace("'", "\\'"),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(value)[1:-1])[1:-1],
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        quote(value, safe="").lower() if value.islower() else quote(value, safe=""),
        _in_html(value),
        _in_html(value).replace('"', "&quot;").replace("'", "&#x27;"),
        _in_html(value).replace('"', "&#34;").replace("'", "&#39;"),
        value.encode().hex(),
        value.encode().hex().upper(),
        value.encode().hex(" "),
        value.encode().hex(":"),
    ]


def _in_html(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _codes(value: str) -> Iterator[str]:
    """What base64 makes of the value, also within a longer text: without the letters that its neighbours change."""
    data = value.encode()
    for offset, lost in ((0, 0), (1, 2), (2, 3)):
        code = base64.b64encode(b"\0" * offset + data).decode()[lost : (offset + len(data)) * 8 // 6]
        yield code
        yield code.translate({ord("+"): "-", ord("/"): "_"})


def _each(text: str, part: str) -> Iterator[Span]:
    at = text.find(part)
    while at >= 0:
        yield at, at + len(part)
        at = text.find(part, at + len(part))


def _widened(text: str, start: int, end: int) -> Span:
    """The whole of the encoded word: what stands beside the value in it is encoded as well."""
    while start and text[start - 1] in _CODE_LETTERS:
        start -= 1
    while end < len(text) and text[end] in _CODE_LETTERS:
        end += 1
    return start, end


def _alike(one: str, other: str) -> int:
    """How many letters two texts have in common from their beginnings."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
