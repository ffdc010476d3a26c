"""Lines of the target's source around a place, as they are now, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kit.facts.causes import Excerpt
from kit.facts.places import Location
from kit.masking import mask
from kit.session import showing

#: lines before and after a place, and the longest line that is shown whole
_AROUND, _LONGEST = 4, 200


def excerpts(root: Path, places: Iterable[Location | None], around: int = _AROUND) -> str:
    """The lines around each place, as HTML; a place whose file cannot be read is left out."""
    return "".join(_excerpt(root, place, around) for place in dict.fromkeys(places) if place)


def edited_excerpts(root: Path, kept: Iterable[Excerpt]) -> list[str]:
    """The files that have other text at the recorded lines now."""
    return list(dict.fromkeys(one.path for one in kept if _lines_now(root, one) != one.lines))


def recorded(kept: Excerpt) -> str:
    """The recorded lines, as HTML."""
    return showing.paragraph(f"`{kept.path}`") + showing.code(kept.numbered)


def _lines_now(root: Path, kept: Excerpt) -> tuple[str, ...]:
    lines = _lines(root / kept.path)[kept.first - 1 : kept.first - 1 + len(kept.lines)]
    return tuple(line[:_LONGEST] for line in lines)


def _lines(file: Path) -> list[str]:
    try:
        return mask(file.read_text(encoding="utf-8", errors="replace")).splitlines()
    except OSError:
        return []


def _excerpt(root: Path, place: Location, around: int) -> str:
    lines = _lines(root / place.path)
    if not lines:
        return ""
    return showing.paragraph(f"`{place}`" + (f" · {place.role}" if place.role else "")) + showing.code(
        _numbered(lines, place.line, around)
    )


def _numbered(lines: list[str], marked: int, around: int) -> Iterator[tuple[int, str, bool]]:
    first, last = max(1, marked - around), min(len(lines), marked + around)
    for number in range(first, last + 1):
        yield number, lines[number - 1][:_LONGEST], number == marked
