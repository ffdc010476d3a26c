"""The pass rate, the causes and the duration over the cases of an app, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.facts.overview import CaseLine
from kit.report.figures import ACCENT, BAD, FONT, INK, LINE, MUTED, bare, drawn, needs_charts
from kit.report.wording import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: at most this many cases are drawn, the newest ones
MOST = 30


@needs_charts
def trend_chart(lines: Sequence[CaseLine], title: str) -> Markup:
    """Of cases with a pass rate, the oldest first; at least two."""
    rows = tuple(
        (100 * (line.pass_rate or 0), None if line.causes is None else len(line.causes), line.ended.seconds)
        for line in lines[-MOST:]
    )
    ends = lines[-len(rows)].case.started[:10], lines[-1].case.started[:10]
    return _drawn(rows, ends, tuple(line.passing for line in lines[-MOST:]), title)


@lru_cache(maxsize=4)
def _drawn(
    rows: tuple[tuple[float, int | None, float | None], ...],
    ends: tuple[str, str],
    shares: tuple[str, ...],
    title: str,
) -> Markup:
    places = range(len(rows))

    def draw(figure: Figure) -> None:
        rate = figure.add_axes((0.13, 0.60, 0.75, 0.34))
        rate.plot(places, [row[0] for row in rows], "o-", color=ACCENT, linewidth=1.6, markersize=4)
        rate.set_ylim(-6, 108)
        rate.set_yticks([0, 100], ["0 %", "100 %"])
        rate.grid(axis="y", color=LINE, linewidth=0.8)
        _label(rate, "tests that pass", len(rows) - 1, rows[-1][0], shares[-1])
        named = figure.add_axes((0.13, 0.36, 0.75, 0.16))
        _bars(named, [row[1] for row in rows], "causes", str)
        took = figure.add_axes((0.13, 0.12, 0.75, 0.16))
        _bars(took, [row[2] for row in rows], "duration", duration)
        for axes in (rate, named, took):
            bare(axes)
            axes.set_xlim(-0.6, len(rows) - 0.4)
            axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
            axes.set_xticks([])
        took.set_xticks([0, len(rows) - 1], list(ends))
        took.tick_params(axis="x", labelcolor=MUTED, labelsize=8.5)

    told = "; ".join(
        f"{share} pass, {'causes not looked for' if causes is None else f'causes: {causes}'}, {duration(seconds)}"
        for share, (_, causes, seconds) in zip(shares, rows, strict=True)
    )
    return drawn(draw, (7.6, 3.1), title, f"Case after case: {told}.")


def _bars(axes: Axes, values: Sequence[float | None], name: str, written: object) -> None:
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    most = max((value for _, value in known), default=0) or 1
    colour = BAD if name == "causes" else MUTED
    axes.bar([place for place, _ in known], [value for _, value in known], width=0.62, color=colour)
    axes.set_ylim(0, 1.1 * most)
    axes.set_yticks([0], ["0"])
    last = values[-1]
    _label(axes, name, len(values) - 1, last or 0, "not known" if last is None else written(last))  # type: ignore[operator]


def _label(axes: Axes, name: str, place: int, value: float, text: str) -> None:
    """The name of a row at its left, and its newest value at its right."""
    axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=FONT, color=INK)
    axes.annotate(text, (place, value), (8, 0), textcoords="offset points", va="center", fontsize=FONT, color=INK)
