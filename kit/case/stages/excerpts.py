"""The lines of source that a cause stands at, and those of colliding classes, as they were when they were named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kit.facts.causes import Cause, Excerpt
from kit.facts.inventory import Collision, MappedClass
from kit.facts.places import Location
from kit.masking import mask

#: lines around a marked one, marked lines that far apart are one excerpt, and excerpts of one cause
_AROUND, _MOST = 2, 4

#: lines of a definition; a longer class is shown as far as that
_DEFINITION = 80

#: a longer line is cut: it is data, and not code that a person reads
_LONGEST = 200


def with_excerpts(causes: Iterable[Cause], root: Path) -> Iterator[Cause]:
    """The causes, each with the lines that its places name; a file that cannot be read has none."""
    texts: dict[str, Sequence[str]] = {}
    for cause in causes:
        yield replace(cause, excerpts=tuple(islice(_excerpts(cause.locations, root, texts), _MOST)))


def with_definitions(collisions: Iterable[Collision], root: Path) -> Iterator[Collision]:
    """The collisions, each class with the lines of its definition; a file that cannot be read has none."""
    for collision in collisions:
        parties = (replace(one, lines=_definition(one.mapped, root)) for one in collision.classes)
        yield replace(collision, classes=tuple(parties))


def _definition(mapped: MappedClass, root: Path) -> tuple[str, ...]:
    if mapped.end_line is None:
        return ()
    last = min(mapped.end_line, mapped.line + _DEFINITION - 1)
    return tuple(_lines(root / mapped.path)[mapped.line - 1 : last])


def _excerpts(places: Sequence[Location], root: Path, texts: dict[str, Sequence[str]]) -> Iterator[Excerpt]:
    for path in dict.fromkeys(place.path for place in places):
        if path not in texts:
            texts[path] = _lines(root / path)
        lines = texts[path]
        marked = sorted({place.line for place in places if place.path == path and 1 <= place.line <= len(lines)})
        for group in _near(marked):
            first, last = max(1, group[0] - _AROUND), min(len(lines), group[-1] + _AROUND)
            yield Excerpt(path, first, tuple(lines[first - 1 : last]), tuple(group))


def _near(marked: Sequence[int]) -> Iterator[list[int]]:
    """Line numbers in groups, each with less than two contexts between neighbours."""
    group: list[int] = []
    for line in marked:
        if group and line - group[-1] > 2 * _AROUND + 1:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _lines(file: Path) -> Sequence[str]:
    try:
        text = mask(file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ()
    return [line[:_LONGEST] for line in text.splitlines()]
