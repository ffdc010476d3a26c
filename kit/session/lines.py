"""Lines of the target's source around a place, as they are now, without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kit.facts.places import Location
from kit.masking import mask
from kit.session import showing

#: lines before and after a place, and the longest line that is shown whole
_AROUND, _LONGEST = 4, 200


def excerpts(root: Path, places: Iterable[Location | None], around: int = _AROUND) -> str:
    """The lines around each place, as HTML; a place whose file cannot be read is left out."""
    return "".join(_excerpt(root, place, around) for place in dict.fromkeys(places) if place)


def _excerpt(root: Path, place: Location, around: int) -> str:
    try:
        lines = mask((root / place.path).read_text(encoding="utf-8", errors="replace")).splitlines()
    except OSError:
        return ""
    return showing.paragraph(f"`{place}`" + (f" · {place.role}" if place.role else "")) + showing.code(
        _numbered(lines, place.line, around)
    )


def _numbered(lines: list[str], marked: int, around: int) -> Iterator[tuple[int, str, bool]]:
    first, last = max(1, marked - around), min(len(lines), marked + around)
    for number in range(first, last + 1):
        yield number, lines[number - 1][:_LONGEST], number == marked
