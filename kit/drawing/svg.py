"""The few shapes that the pictures are made of. All lengths are in pixels."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape

#: of the monospaced text: its size, and the width of a character
FONT, CHARACTER = 12, 7.3
#: the style makes it fit into the page; where a policy refuses styles, the attributes keep the text in its place
_STYLE = (
    "font-family:var(--mono,ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace);"
    "max-width:100%;height:auto"
)
#: what a shape is drawn with, by what it means
PLAIN = "currentColor"
BAD = "var(--bad,#cf4520)"
PAPER = "var(--wash,none)"


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> tuple[float, float]:
        """The middle of its left side."""
        return self.x, self.y + self.height / 2

    @property
    def right(self) -> tuple[float, float]:
        """The middle of its right side."""
        return self.x + self.width, self.y + self.height / 2


def picture(width: float, height: float, title: str, description: str, shapes: Iterable[str]) -> str:
    """The whole drawing, readable without seeing it: ``title`` names it, ``description`` says what it shows."""
    body = "".join(shapes)
    name = sha256(f"{title}{description}{body}".encode(errors="replace")).hexdigest()[:10]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" role="img" '
        f'aria-labelledby="t{name} d{name}" font-family="monospace" font-size="{FONT}px" style="{escape(_STYLE)}">'
        f'<title id="t{name}">{safe(title)}</title><desc id="d{name}">{safe(description)}</desc>'
        f'<defs><marker id="a{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>'
        f"{body.replace('url(#arrow)', f'url(#a{name})')}</svg>"
    )


def frame(box: Box, *, colour: str = PLAIN, dashed: bool = False, bold: bool = False) -> str:
    """The outline of a box."""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<rect x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" height="{number(box.height)}" '
        f'rx="4" fill="{PAPER}" stroke="{colour}" stroke-width="{2 if bold else 1}"{dash}/>'
    )


def text(x: float, y: float, words: str, *, room: float, colour: str = PLAIN, bold: bool = False) -> str:
    """A line of text, its base line at ``y``, shortened in its middle to ``room`` pixels."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{number(x)}" y="{number(y)}" fill="{colour}"{weight}>{safe(shortened(words, room))}</text>'


def arrow(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str = PLAIN,
    dashed: bool = False,
    both: bool = False,
) -> str:
    """A curve from left to right, or back, with a head at its end, or at both."""
    middle = (start[0] + end[0]) / 2
    points = " ".join(f"{number(x)},{number(y)}" for x, y in ((middle, start[1]), (middle, end[1]), end))
    more = (' stroke-dasharray="4 3"' if dashed else "") + (' marker-start="url(#arrow)"' if both else "")
    return (
        f'<path d="M{number(start[0])},{number(start[1])} C{points}" fill="none" stroke="{colour}" '
        f'stroke-opacity="0.7" marker-end="url(#arrow)"{more}/>'
    )


def group(tip: str, shapes: Iterable[str]) -> str:
    """Shapes with a text that appears when one points at them."""
    return f"<g><title>{safe(tip)}</title>{''.join(shapes)}</g>"


def shortened(words: str, room: float) -> str:
    """The text, its middle left out where it is wider than ``room`` pixels."""
    most = max(int(room / CHARACTER), 3)
    if len(words) <= most:
        return words
    kept = most - 1
    return f"{words[: kept - kept * 2 // 3]}…{words[len(words) - kept * 2 // 3 :]}"


def safe(words: str) -> str:
    """Text for XML: what no character of it may be is replaced."""
    return escape(
        "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one) in ("Cc", "Cs") else one for one in words)
    )


def number(value: float) -> str:
    """A length with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
