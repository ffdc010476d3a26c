"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

#: of 100: below, two names are not taken for one
_ALIKE = 70
#: a shorter name is a part of many others
_TELLING = 4


def nearest(name: str, known: Iterable[str], at_least: float = _ALIKE) -> str | None:
    """The known name that is most like ``name`` and is not ``name`` itself; ``None`` where none is like it, by
    ``at_least`` of 100.
    """
    from rapidfuzz import fuzz, process  # it takes a while to import, and few runs have a name to compare

    others = sorted({other for other in known if other != name})
    found = process.extractOne(name, others, scorer=fuzz.ratio, score_cutoff=at_least)
    return found[0] if found else _with_a_word_more(name, others)


def with_a_word_of(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that have a word of ``name``, or the beginning of one: ``queue_length`` for ``most_queued``."""
    own = _words(name)
    return tuple(
        other
        for other in known
        if any(one.startswith(word) or word.startswith(one) for one in own for word in _words(other))
    )


def _words(name: str) -> list[str]:
    return [word for word in name.lower().split("_") if len(word) >= _TELLING]


def _with_a_word_more(name: str, others: Iterable[str]) -> str | None:
    """The one name that is ``name`` with a word added or left out: ``name_text`` for ``name``."""
    pairs = ((other, *sorted((name, other), key=len)) for other in others)
    alike = [
        other
        for other, short, long in pairs
        if len(short) >= _TELLING and (long.startswith(f"{short}_") or long.endswith(f"_{short}"))
    ]
    return alike[0] if len(alike) == 1 else None
