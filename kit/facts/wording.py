"""How numbers of things are written for people. Every sentence of kit that counts something uses :func:`counted`."""

from __future__ import annotations


def counted(number: int, singular: str, plural: str = "") -> str:
    """``"1 test"``, ``"3,650 tests"``; ``plural`` is for nouns that do not take a plain ``s``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


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
