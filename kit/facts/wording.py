"""How numbers of things are written for people. Every sentence of kit that counts something uses :func:`counted`."""

from __future__ import annotations

import re
from typing import Final

#: endings whose plural takes more than an ``s``, and what takes their place
_ENDINGS: Final = (
    (re.compile(r"(?<=[^aeiou])y$"), "ies"),
    (re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))$"), "es"),
)


def counted(number: int, singular: str, plural: str = "") -> str:
    """``"1 test"``, ``"3,650 tests"``, ``"2 libraries"``; ``plural`` is for more than a noun at the end."""
    return f"{number:,} {singular if number == 1 else plural or _plural_of(singular)}"


def _plural_of(noun: str) -> str:
    return next((ending.sub(plural, noun) for ending, plural in _ENDINGS if ending.search(noun)), f"{noun}s")


def share(part: int, whole: int) -> str:
    """A part of a whole in percent with one digit; a dash where there is no whole."""
    if whole == 0:
        return "\u2013"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100:
        return "> 99.9 %"
    return f"{percent:.1f} %"
