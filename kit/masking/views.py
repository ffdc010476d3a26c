"""Other readings of a text in which a secret stands in one piece: without escapes, and without line breaks.

A reading knows where each of its characters stands in the text, so that what is found there can be masked here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from kit.masking.patterns import late
from kit.masking.rules import Hit, Span

#: what stands before the text of a line: pytest's ``E``, the signs of a diff, the frame of a box, line numbers
_GUTTER = r"[ \t]*(?:(?:[-+?E>|\u2502\u2503#]|\d{1,5}[:|])[ \t]+|\u2502)*"

#: the end of a line; below it may be a line of a diff that only points at letters of the one above
_END = r"\r?\n(?:[ \t]*(?:E[ \t]+)?\?[ \t^+-]*\r?\n)?"

_ESCAPE = late(
    r"""(?P<colour>(?:\x1b|\\+(?:x1b|u001b|033|e)|%(?:25){0,3}1B)(?:\[|%(?:25){0,3}5B)(?:\d|;|%(?:25){0,3}3B)*m)|"""
    r"""\\+(?:u00(?P<u>[2-7][0-9A-Fa-f])|x(?P<x>[2-7][0-9A-Fa-f])|(?P<plain>["'/`&])|(?P<space>[nrt]))"""
    r"""|%(?:25){0,3}(?P<percent>[2-7][0-9A-Fa-f]|0[9AD])|&(?:amp;){0,3}(?P<entity>quot|apos|amp|lt|gt|\#34|\#39|\#x27|\#x22);"""
)
_ENTITIES = {
    "quot": '"',
    "apos": "'",
    "amp": "&",
    "lt": "<",
    "gt": ">",
    "#34": '"',
    "#39": "'",
    "#x27": "'",
    "#x22": '"',
}
_SPACES = {"n": "\n", "r": "\n", "t": "\t"}

#: a string that goes on in the next line: ``'abc '`` and below it ``'def'``
_CONTINUED = late(rf"(?<!,)['\"][ \t]*{_END}{_GUTTER}[bruf]{{0,2}}['\"]")

#: the same, or a mere line break. Each begins with a class of characters, so that the search skips all others
_AT_BREAK = (
    rf"['\" \t\\\u2502\r\n](?:(?<=['\"])(?<!,.)[ \t]*{_END}{_GUTTER}[bruf]{{0,2}}['\"]"
    rf"|(?<=[ \t\\\u2502])[ \t]*+[\\\u2502]?{_END}{_GUTTER}"
    rf"|(?<=\r)\n{_GUTTER}|(?<=\n)(?:[ \t]*(?:E[ \t]+)?\?[ \t^+-]*\r?\n)?{_GUTTER})"
)
_BREAK = late(_AT_BREAK)
_MARGIN = late(rf"{_END}[ \t]*(?=[-+?E>|\u2502\u2503#\d]){_GUTTER}")
_LINES = late(rf"[ \t\\\u2502]*{_END}{_GUTTER}")
_BLANKS = late(rf"{_AT_BREAK}|\s+")

#: where a string goes on in the next line that ends there with a line break of its own
_BETWEEN_STRINGS = rf"(?:\\n)?['\"][ \t]*{_END}{_GUTTER}[bruf]{{0,2}}['\"][ \t]*"

#: the first word of the next line, or of the next one within a string
NEXT_LINE = late(rf"[ \t]*(?:{_END}{_GUTTER}|(?:{_BETWEEN_STRINGS})+)(?P<word>[\w+/~.:-]+={{0,2}})(?=[\s\"'),;\]\\]|$)")


@dataclass(frozen=True)
class TextView:
    """A reading of a text. Piece ``n`` begins at ``starts[n]`` in it and at ``origins[n]`` in the text; ``copied[n]``
    says that the two go on alike. ``joins`` are the places where something was left out, or became a blank.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]
    copied: tuple[bool, ...]
    joins: tuple[int, ...]

    def origin(self, hit: Hit) -> Span:
        """Where the secret of a hit in this reading stands in the text."""
        return self._place(hit.start), self._end(hit.end)

    def crosses(self, hit: Hit) -> bool:
        """Whether something was left out inside of a hit."""
        at = bisect_right(self.joins, hit.since)
        return at < len(self.joins) and self.joins[at] <= max(hit.end, hit.until)

    def _place(self, at: int) -> int:
        piece = bisect_right(self.starts, at) - 1
        return self.origins[piece] + (at - self.starts[piece] if self.copied[piece] else 0)

    def _end(self, at: int) -> int:
        """After the last character: a replaced one ends where the next piece begins."""
        piece = bisect_right(self.starts, at - 1) - 1
        if self.copied[piece]:
            return self.origins[piece] + at - self.starts[piece]
        return self.origins[piece + 1]


def unescaped(text: str) -> TextView | None:
    r"""Without the escapes of strings (``\"``, ``\n``), URLs (``%3D``) and HTML (``&quot;``), and without colours."""
    if "\\" not in text and "%" not in text and "&" not in text and "\x1b" not in text:
        return None
    return _replaced(text, _ESCAPE, _plain)


def continued(text: str) -> TextView | None:
    """With strings that go on in the next line in one piece; ``None``: there are none."""
    return _replaced(text, _CONTINUED, lambda _: "") if "\n" in text else None


def unwrapped(text: str, beginnings: tuple[str, ...]) -> TextView | None:
    """Without line breaks and what stands before the text of a line; ``None``: one line. A line that starts with one
    of the ``beginnings`` (in lower case) starts a word.
    """
    if "\n" not in text:
        return None
    return _replaced(text, _BREAK, lambda found: " " if _starts(text, found.end(), beginnings) else "")


def _starts(text: str, at: int, beginnings: tuple[str, ...]) -> bool:
    return text[at : at + 24].lower().startswith(beginnings)


def reflowed(text: str) -> TextView | None:
    """With a blank for each line break and what stands before the text of a line; ``None``: one line."""
    return _replaced(text, _LINES, lambda _: " ") if "\n" in text else None


def without_margins(text: str) -> TextView | None:
    """With nothing before the text of each line; ``None``: no line has a margin."""
    return _replaced(text, _MARGIN, lambda _: "\n") if "\n" in text else None


def squeezed(text: str) -> TextView | None:
    """Without any blank, line break or margin; ``None``: there are none."""
    return _replaced(text, _BLANKS, lambda _: "")


def _plain(found: re.Match[str]) -> str:
    if found["colour"]:
        return ""
    code = found["u"] or found["x"] or found["percent"]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x7F else "\x7f"
    if found["space"]:
        return _SPACES[found["space"]]
    return found["plain"] or _ENTITIES[found["entity"]]


def _replaced(text: str, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> TextView | None:
    pieces: list[str] = []
    starts, origins, copied, joins = [], [], [], []
    size = end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            starts.append(size)
            origins.append(end)
            copied.append(True)
            pieces.append(text[end : found.start()])
            size += found.start() - end
        replacement = by(found)
        if replacement:
            starts.append(size)
            origins.append(found.start())
            copied.append(False)
            pieces.append(replacement)
            size += len(replacement)
        if not replacement.strip(" "):
            joins.append(size)
        end = found.end()
    if not end:
        return None
    starts.append(size)
    origins.append(end)
    copied.append(True)
    return TextView("".join([*pieces, text[end:]]), tuple(starts), tuple(origins), tuple(copied), tuple(joins))
