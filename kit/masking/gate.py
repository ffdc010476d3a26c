"""The gate before everything that is written: what still holds a secret is masked, or not published at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from kit.facts.errors import KitError
from kit.masking.gathering import known_values
from kit.masking.known import KnownValues
from kit.masking.text import TOGETHER, certain, mask, may_hold_secret, replaced, shaped

#: how many characters of lines, and of texts without a secret, are remembered
_MOST_REMEMBERED = 16_000_000
#: lines are looked at together up to about this many characters
_PORTION = 500_000
#: a longer text hardly comes a second time
_LONGEST_REMEMBERED = 10_000

#: a text of JSON as it is written there
_JSON_TEXT: Final = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"')


class LeakError(KitError):
    """A finished output still holds a secret, and was not published."""


def cleaned(value: Any) -> Any:
    """A value of JSON's types with every text in it masked, keys included; the same object where nothing is to mask."""
    if isinstance(value, str):
        return _unchanged.text(value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(one) for one in value]
    return value


def is_clean_json(document: str) -> bool:
    """Whether :func:`cleaned` leaves every text of a JSON document as it is. Each distinct text is looked at once,
    which takes far less time than taking a long document apart.
    """
    return _unchanged.are_unchanged(_texts_in(document))


def _texts_in(document: str) -> set[str]:
    if "\\" not in document:  # every other quotation mark begins a text, and splitting is twice as fast
        return set(document.split('"')[1::2])
    written = set(_JSON_TEXT.findall(document))
    return {json.loads(f'"{one}"') if "\\" in one else one for one in written}


class _Unchanged:
    """Texts that hold no secret, as far as it is known at the moment: most texts of a run come several times."""

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self._size = 0
        self._known: KnownValues | None = None

    def are_unchanged(self, texts: set[str]) -> bool:
        """Whether none of the texts holds a secret. Those that are new are looked at together, some at a time: what
        tells a secret stands in one of the texts or in none, and most of the time of a look is not for the text.
        """
        known = self._learn()
        new = list(texts - self._texts)
        for start in range(0, len(new), TOGETHER):
            portion = new[start : start + TOGETHER]
            if not may_hold_secret("\n".join(portion)):
                for text in portion:
                    self._remember(text, known)
            elif any(self.text(text) != text for text in portion):
                return False
        return True

    def text(self, text: str) -> str:
        """The text as it may be written."""
        known = self._learn()
        if text in self._texts:
            return text
        shown = _masked(text, known) if may_hold_secret(text) else text
        if shown == text:
            self._remember(text, known)
        return shown

    def _remember(self, text: str, known: KnownValues) -> None:
        if len(text) > _LONGEST_REMEMBERED:
            return
        if self._size > _MOST_REMEMBERED:
            self._forget(known)
        self._texts.add(text)
        self._size += len(text)

    def _learn(self) -> KnownValues:
        """What is known now; what was remembered before does not count any more."""
        known = known_values()
        if self._known is not known:
            self._forget(known)
        return known

    def _forget(self, known: KnownValues) -> None:
        self._texts.clear()
        self._size, self._known = 0, known


_unchanged = _Unchanged()


@lru_cache(maxsize=8192)
def _masked(text: str, _known: KnownValues) -> str:  # what is known is part of the cache's key
    return mask(text)


def without_certain(text: str) -> str:
    """``text`` with the certain secrets masked: by their shape, or as a known value.

    What only a name tells is left, so that the syntax of JSON and HTML stays as it is.
    """
    spans = certain(text)
    return replaced(text, spans) if spans else text


def refuse(name: str, text: str, lines_before: int = 0) -> None:
    """Raise :class:`LeakError` when a finished output, or a part after these lines, holds a certain secret."""
    told = certain(text) if _cleared.has_shape(text) else known_values().spans(text)
    spans = [span for span in told if text[span[0] : span[1]].strip("*\\/\"'")]
    if spans:
        line = lines_before + text.count("\n", 0, min(spans)[0]) + 1
        raise LeakError(
            f"{name} was not written: line {line} would show what looks like a secret. Please report this; the events "
            "of the run are kept."
        )


class _Cleared:
    """Lines in which no word has the shape of a secret. A report is written twice, and its files share most lines."""

    def __init__(self) -> None:
        self._lines: set[str] = set()
        self._size = 0

    def has_shape(self, text: str) -> bool:
        """Whether a word of ``text`` has the shape of a secret. Such a word is unbroken and stands in one line; so a
        long text is looked at in portions, which take less memory than all of its lines at once.
        """
        return any(map(self._has_shape, _portions(text)))

    def _has_shape(self, text: str) -> bool:
        new = [line for line in dict.fromkeys(text.split("\n")) if line not in self._lines]
        joined = "\n".join(new)
        if shaped(joined):
            return True
        if self._size + len(joined) > _MOST_REMEMBERED:
            self._lines.clear()
            self._size = 0
        self._lines.update(new)
        self._size += len(joined)
        return False


def _portions(text: str) -> Iterator[str]:
    """The text in whole lines, some at a time."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PORTION)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


_cleared = _Cleared()
