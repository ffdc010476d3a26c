"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

#: of 100: below, two names are not taken for one
_ALIKE = 70


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like ``name`` and is not ``name`` itself; ``None`` where none is like it."""
    from rapidfuzz import fuzz, process  # it takes a while to import, and few runs have a name to compare

    others = sorted({other for other in known if other != name})
    found = process.extractOne(name, others, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return found[0] if found else None
