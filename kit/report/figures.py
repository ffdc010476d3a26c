"""Matplotlib's drawings as parts of the page: small, with the page's colours, and readable without a style sheet."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, ParamSpec

from markupsafe import Markup

from kit.masking import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: colours that stand for the page's own until the SVG is written
ACCENT, INK, MUTED, LINE = "#010101", "#020202", "#030303", "#040404"
GOOD, BAD, WARN, DARK = "#050505", "#060606", "#070707", "#080808"
#: each with the colour where the style sheet is refused: an attribute takes a variable with something to fall back to
_PAGE_COLOURS: Final = {
    ACCENT: "var(--accent,#1f4fc4)",
    INK: "var(--ink,#15181d)",
    MUTED: "var(--ink-3,#5d6570)",
    LINE: "var(--line,#dde1e6)",
    GOOD: "var(--passed,#2f8f77)",
    BAD: "var(--failed,#cf4520)",
    WARN: "var(--timed_out,#a86b00)",
    DARK: "var(--crashed,#2a2f36)",
}
#: in points
FONT: Final = 9.5
#: room for one character of a label, in inches
CHARACTER: Final = 0.075

_LEFT_OUT = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL)
_LONG_NUMBER = re.compile(r"(?<=\.\d)\d+")
_LEADS = re.compile(r' id="leads:(\w+):([\w.-]+)"')
_STYLE = re.compile(r' style="([^"]*)"')
_FONT = re.compile(r"^\s*(?:[\d.]+ )?([\d.]+)px ")


#: stands where a chart would, in a core installation
_NOT_DRAWN = Markup(
    "<p class=\"muted\">Charts need pandas and matplotlib: pip install 'incident-kit[jupyter]'. "
    "The numbers of this one are in the tables and sentences beside it.</p>"
)

P = ParamSpec("P")


def needs_charts(chart: Callable[P, Markup]) -> Callable[P, Markup]:
    """The chart; where pandas or matplotlib is not installed, the sentence that says so."""

    @wraps(chart)
    def drawn_or_not(*arguments: P.args, **named: P.kwargs) -> Markup:
        there = all(find_spec(package) for package in ("pandas", "matplotlib"))
        return chart(*arguments, **named) if there else _NOT_DRAWN

    return drawn_or_not


def drawn(draw: Callable[[Figure], None], size: tuple[float, float], title: str, description: str) -> Markup:
    """What ``draw`` puts on a figure of ``size`` (inches) as SVG for the page; ``description`` says it in words."""
    from matplotlib import rc_context  # matplotlib takes half a second to import
    from matplotlib.figure import Figure

    with (
        rc_context({"svg.fonttype": "none", "svg.hashsalt": "kit", "text.parse_math": False}),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # a title may have characters that matplotlib's font lacks; the page's has them
        figure = Figure(figsize=size)
        draw(figure)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_the_page(buffer.getvalue(), visible(title), visible(description))


def bare(axes: Axes, *, left: bool = False, bottom: bool = False) -> None:
    """Leave only these sides of the frame, drawn finely."""
    for name, spine in axes.spines.items():
        spine.set_visible((name == "left" and left) or (name == "bottom" and bottom))
        spine.set_color(MUTED)
    axes.tick_params(length=0, labelsize=FONT, labelcolor=INK, pad=6)


def _for_the_page(svg: str, title: str, description: str) -> Markup:
    """Its head gone, a text alternative in, colours and fonts of the page, no style of its own."""
    body = _LEFT_OUT.sub("", svg[svg.index("<svg") :])
    box = re.search(r'viewBox="([^"]+)"', body)
    inner = _LEADS.sub(r' data-\1="\2"', body[body.index(">") + 1 :])
    inner = _STYLE.sub(lambda found: _attributes(found[1]), inner)
    inner = re.sub(r' (d|transform|x|y|width|height)="([^"]*)"', _shortened, inner)
    inner = re.sub(r"\s*\n\s*", " ", inner).replace("> <", "><")
    for ours, theirs in _PAGE_COLOURS.items():
        inner = inner.replace(ours, theirs)
    name = sha256(f"{title}{description}{inner}".encode(errors="replace")).hexdigest()[:8]
    head = Markup(
        '<svg class="chart" viewBox="{}" role="img" aria-labelledby="t{} d{}" font-family="sans-serif" '
        'stroke-linejoin="round"><title id="t{}">{}</title><desc id="d{}">{}</desc>'
    ).format(box.group(1) if box else "", name, name, name, title, name, description)
    return head + Markup(_own_ids(inner, name))  # noqa: S704  # matplotlib escapes the texts that it draws


def leading_to(what: str, key: str) -> str:
    """The ``gid`` of something drawn, a click on which shows the tests of a category (``what``) by its anchor."""
    return f"leads:{what}:{key}"


def _attributes(style: str) -> str:
    """``fill: #010101; stroke: none`` as attributes, which a policy that refuses inline styles leaves alone."""
    made = []
    for name, _, value in (one.partition(":") for one in style.split(";")):
        if name.strip() == "font":
            made.append(("font-size", found[1]) if (found := _FONT.match(f"{value} ")) else ("", ""))
        elif name.strip() and name.strip() not in ("font-family", "stroke-linejoin"):
            made.append((name.strip(), value.strip()))
    return "".join(f' {name}="{value}"' for name, value in made if name)


def _shortened(found: re.Match[str]) -> str:
    """Lengths with one digit after the point; the page is drawn no finer."""
    return f' {found[1]}="{_LONG_NUMBER.sub("", found[2])}"'


def _own_ids(svg: str, name: str) -> str:
    """The ids of a drawing, which are the same in each of matplotlib's, as its own; those that nothing uses go."""
    used = set(re.findall(r'(?:url\(#|href="#)([\w.-]+)', svg))

    def renamed(found: re.Match[str]) -> str:
        return f' id="{name}-{found[1]}"' if found[1] in used else ""

    svg = re.sub(r' id="([\w.-]+)"', renamed, svg)
    return re.sub(r'(url\(#|href="#)([\w.-]+)', rf"\g<1>{name}-\g<2>", svg)
