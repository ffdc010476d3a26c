"""Charts: horizontal bars with their numbers, in the colours of the report, also in the dark."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.masking import visible
from kit.report import palette
from kit.session.showing import page

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: a longer label is cut, and more bars than this are summed up in the last one
_LONGEST, _MOST = 64, 14
#: sizes in inches: a character of a label, one bar, what is around the bars, and the whole width
_CHARACTER, _BAR, _MARGIN, _WIDTH = 0.078, 0.31, 0.42, 9.6
#: and the legend, where there are several series
_LEGEND = 0.3
#: stands for the colour of the text around the picture until the SVG is written
_INK = "#010203"

_LEFT_OUT = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Series:
    """A part of every bar: its name in the legend, and its colour by the name that the report gives it."""

    name: str
    colour: str


@dataclass(frozen=True)
class Bars:
    """A chart, as data: ``title`` states what it shows, ``rows`` have a label and a number for each of the ``series``.

    In a notebook it is drawn as SVG; ``figure`` is matplotlib's, for changes of your own, and ``save(path)`` writes it.
    """

    title: str
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    series: tuple[Series, ...] = (Series("tests", "accent"),)
    #: a colour of its own for each row, where it has one series
    colours: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """The rows that are drawn: when there are many, the last one sums up the rest."""
        if len(self.rows) <= _MOST:
            return self.rows
        rest = self.rows[_MOST - 1 :]
        sums = tuple(float(sum(values)) for values in zip(*(row[1] for row in rest), strict=True))
        return (*self.rows[: _MOST - 1], (f"{len(rest)} more", sums))

    @cached_property
    def figure(self) -> Figure:
        """The chart as matplotlib's figure, in the colours for a light page."""
        return _drawn(self)

    @property
    def description(self) -> str:
        """The chart in words, for who does not see it."""
        return ", ".join(f"{label}: {' + '.join(_number(value) for value in values)}" for label, values in self.shown)

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file; its ending says the format."""
        self.figure.savefig(path)
        return Path(path)

    def svg(self) -> str:
        """The chart as SVG that takes its colours from the page that it stands in."""
        from matplotlib import rc_context

        buffer = io.StringIO()
        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "kit"}), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the page has the characters that matplotlib's font lacks
            self.figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        return _for_the_page(buffer.getvalue(), visible(self.title), visible(self.description))

    def _repr_html_(self) -> str:
        return page(self.svg())

    def __repr__(self) -> str:
        return f"{self.title}: {self.description}"


def _style() -> Any:
    from cycler import cycler

    light = palette().light
    cycle = [light[name] for name in ("accent", "timed_out", "passed", "error", "failed", "xfailed")]
    return {
        "axes.prop_cycle": cycler(color=cycle),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "figure.dpi": 110,
        "font.size": 10,
        "text.parse_math": False,
    }


def _drawn(bars: Bars) -> Figure:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = bars.shown
    labels = [_cut(label) for label, _ in rows]
    head = _MARGIN + (_LEGEND if len(bars.series) > 1 else 0)
    height = _BAR * len(rows) + head
    left = (max(map(len, labels), default=0) * _CHARACTER + 0.15) / _WIDTH
    bottom = 0.1 / height
    with rc_context(_style()):
        figure = Figure(figsize=(_WIDTH, height))
        axes = figure.add_axes((left, bottom, 0.93 - left, 1 - head / height))
        _draw_bars(axes, bars, rows)
        axes.set_yticks(range(len(rows)), labels, color=_INK)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.tick_params(length=0, pad=7)
        axes.xaxis.set_visible(False)
        axes.spines[["bottom"]].set_visible(False)
        axes.spines["left"].set_color(_INK)
        figure.text(
            0.004, 1 - 0.06 / height, bars.title, ha="left", va="top", fontsize=12, fontweight="bold", color=_INK
        )
    return figure


def _draw_bars(axes: Any, bars: Bars, rows: Sequence[tuple[str, tuple[float, ...]]]) -> None:
    light = palette().light
    starts = [0.0] * len(rows)
    for at, series in enumerate(bars.series):
        values = [row[1][at] for row in rows]
        own = [light[name] for name in bars.colours[: len(rows)]] if bars.colours else []
        colours = own + [light[series.colour]] * (len(rows) - len(own))
        axes.barh(range(len(rows)), values, left=starts, height=0.64, color=colours, label=series.name)
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    most = max(starts, default=0) or 1
    for at, total in enumerate(starts):
        axes.text(total + most * 0.008, at, _number(total), va="center", color=_INK)
    axes.set_xlim(0, most * 1.09)
    if len(bars.series) > 1:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(bars.series),
            frameon=False,
            labelcolor=_INK,
            borderpad=0.2,
        )


def _cut(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _number(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"


def _for_the_page(svg: str, title: str, description: str) -> str:
    """Matplotlib's file as part of a page: its own head gone, a text alternative in, colours and fonts of the page."""
    # a style sheet in one picture would be one for the whole page
    body = re.sub(_LEFT_OUT, "", svg[svg.index("<svg") :])
    box = re.search(r'viewBox="([^"]+)"', body)
    inner = re.sub(r"font-family: [^;\"]*;? ?|font: (\d+ )?[\d.]+px [^;\"]*;? ?", _font, body[body.index(">") + 1 :])
    inner = inner.replace(_INK, "currentColor")
    for name, colour in palette().light.items():
        inner = inner.replace(colour, f"var(--{name},{colour})")
    width = box.group(1).split()[2] if box else ""
    head = (
        f'<svg viewBox="{box.group(1) if box else ""}" width="{float(width or 0) * 96 / 72:.0f}" role="img" '
        f'aria-label="{escape(title)}"><desc>{escape(description)}</desc>'
    )
    return head + inner


def _font(found: re.Match[str]) -> str:
    """The size and the weight of a font without its name: the page has its own."""
    size = re.search(r"([\d.]+)px", found.group(0))
    weight = f"font-weight: {found.group(1).strip()}; " if found.group(1) else ""
    return f"font-size: {size.group(1)}px; {weight}" if size else ""
