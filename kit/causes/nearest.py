"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like ``name`` and is not ``name`` itself; ``None`` where none is like it."""
    others = sorted({other for other in known if other != name})
    return next(iter(get_close_matches(name, others, n=1, cutoff=0.7)), None)
