"""Secrets in tables: the name heads a column, in comma-separated values and in what database shells print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kit.masking.names import kind_of
from kit.masking.patterns import late
from kit.masking.rules import Hit
from kit.masking.values import is_made_up

_HEADER = late(r"(?:^[ \t|]*|[ '\"=>\[(:])\"?[\w.-]+\"?(?:[ \t]*[,;|\t][ \t]*\"?[\w.-]+\"?)+[ \t|]*$", re.MULTILINE)
_BORDER = late(r"[,;|\t]")

#: no more lines below a header are looked at
_MOST_LINES = 2_000


def in_columns(text: str) -> Iterator[Hit]:
    """The made-up values below a name that says that its values are secret."""
    if "\n" not in text:
        return
    end = 0
    for header in _HEADER.finditer(text):
        if header.start() < end:
            continue
        border = _BORDER.search(header[0].strip(" \t|"))
        assert border is not None
        cells = [cell.strip(' \t"') for cell in header[0].split(border[0])]
        secret = [number for number, cell in enumerate(cells) if kind_of(cell) in ("strong", "fair")]
        if secret:
            for hit in _below(text, header.end() + 1, (border[0], len(cells)), secret):
                yield hit
                end = hit.end


def _below(text: str, at: int, shape: tuple[str, int], secret: list[int]) -> Iterator[Hit]:
    border, size = shape
    for _ in range(_MOST_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        cells = line.split(border)
        if len(cells) != size and not set(line) <= set("-+=| \t:"):
            return
        for number in secret if len(cells) == size else ():
            value = cells[number].strip(' \t"\r')
            if value and is_made_up(value, "fair"):
                start = at + len(border.join(cells[:number])) + (number > 0)
                start += cells[number].index(value)
                yield Hit(start, start + len(value), at, start + len(value))
        if end < 0:
            return
        at = end + 1
