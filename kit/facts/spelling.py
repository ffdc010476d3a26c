"""Names and texts as people write them: nearly right, spelled in their own way, one where several are expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

#: names that are less alike than this are not misspellings of each other (the ratio of difflib)
_NEAR = 0.66


def did_you_mean(name: str, known: Iterable[str], most: int | None = None) -> str:
    """The end of a sentence about an unknown ``name``: the nearest of the ``known`` ones, or else all of them, or the
    first ``most`` and how many more there are.
    """
    by_lower = {one.lower(): one for one in known}
    near = get_close_matches(name.lower(), by_lower, n=1, cutoff=_NEAR)
    if near:
        return f"; did you mean {by_lower[near[0]]}?"
    listed = list(by_lower.values())[:most]
    more = f" and {left} more" if (left := len(by_lower) - len(listed)) else ""
    return f"; there are {', '.join(listed)}{more}." if listed else "."


def texts(value: str | Iterable[str]) -> tuple[str, ...]:
    """Several texts; a single one stands for itself and is not taken apart into letters."""
    return (value,) if isinstance(value, str) else tuple(value)


def distribution_name(name: str) -> str:
    """A distribution's name as all its spellings have it in common.

    https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()
