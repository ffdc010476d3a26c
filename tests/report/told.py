"""What a page or rendered Markdown tells in words: its blocks of text and the rows of its tables, without code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

#: stands where code was
CODE = "◆"
#: stands between the cells of a row
CELL = " | "

_is_block = re.compile(
    "address|article|aside|caption|dd|desc|div|dl|dt|figcaption|footer|h[1-4]|header|li|main|nav|ol|p|section|summary"
    "|table|tbody|td|text|tfoot|th|thead|title|tr|ul"
).fullmatch
_CODE = {"code", "pre", "kbd", "time"}
_UNREAD = {"dialog", "head", "option", "script", "select", "style"}
#: definitions are code; the lines of an excerpt have numbers; the table of all tests has a check of its own
_UNREAD_CLASSES = {"definitions", "file", "number", "place", "rank", "tests"}
_EMPTY = {"br", "circle", "col", "hr", "img", "input", "link", "meta", "path", "rect", "use"}


class _Words(HTMLParser):
    """Collects the blocks of a document; of each open element it knows whether it is unread, code, or within a row."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool, bool, bool]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            self._text += " "
            return
        _, unread, code, in_row = self._open[-1] if self._open else ("", False, False, False)
        if _is_block(tag) and not in_row:
            self._end()
        elif _is_block(tag):
            self._text += CELL if tag in ("td", "th") else " "
        classes = set((dict(attrs).get("class") or "").split())
        if tag in _CODE and not code and not unread:
            self._text += CODE
        self._open.append(
            (
                tag,
                unread or tag in _UNREAD or bool(classes & _UNREAD_CLASSES),
                code or tag in _CODE,
                in_row or tag == "tr",
            )
        )

    def handle_endtag(self, tag: str) -> None:
        while self._open and any(one[0] == tag for one in self._open):
            if self._open.pop()[0] == tag:
                break
        in_row = bool(self._open) and self._open[-1][3]
        if _is_block(tag):
            self._text += " "
            if not in_row:
                self._end()

    def handle_data(self, data: str) -> None:
        if not (self._open and (self._open[-1][1] or self._open[-1][2])):
            self._text += data

    def _end(self) -> None:
        text = " ".join(self._text.split()).removeprefix(CELL.strip()).strip()
        if text:
            self.found.append(text)
        self._text = ""


def blocks(html: str) -> list[str]:
    """The blocks of text of a document and the rows of its tables, in their order."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return parser.found
