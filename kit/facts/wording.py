"""How numbers of things are written for people. Every sentence of kit that counts something uses :func:`counted`."""

from __future__ import annotations


def counted(number: int, singular: str, plural: str = "") -> str:
    """``"1 test"``, ``"3,650 tests"``; ``plural`` is for nouns that do not take a plain ``s``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
