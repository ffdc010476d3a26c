"""The categories of failures, so that thousands beside a few are both readable."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.report.figures import ACCENT, CHARACTER, FONT, INK, LINE, MUTED, bare, drawn, leading_to, needs_charts
from kit.report.wording import number, one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LONGEST_LABEL = 44
#: with a larger ratio between the largest and the smallest number, a plain scale shows the small ones as nothing
_FAR_APART = 30
_POWERS = "each step of the scale is ten times the one before"


@needs_charts
def category_chart(
    counts: Sequence[tuple[str, int]], title: str = "Failing tests by category", keys: Sequence[str] = ()
) -> Markup:
    """A dot for each category, with its number; ``counts`` are titles and numbers, ``keys`` the categories'
    anchors, for clicks. Where the numbers lie far apart, the scale is one of powers of ten, and says so.
    """
    return _drawn(tuple(counts), title, tuple(keys))


@lru_cache(maxsize=8)  # a report is written twice, the second time with the end of its own stage
def _drawn(counts: tuple[tuple[str, int], ...], title: str, keys: tuple[str, ...]) -> Markup:
    names, numbers = [one_line(name, _LONGEST_LABEL) for name, _ in counts], [tests for _, tests in counts]
    most, rows = max(numbers), range(len(counts))
    powers = most > _FAR_APART * max(min(numbers), 1)
    below = 0.5 if powers else 0.3
    width, height = 7.6, 0.3 * len(counts) + below + 0.05
    room = (max(map(len, names)) * CHARACTER + 0.2) / width

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((room, below / height, 0.9 - room, 1 - below / height))
        start = 0.8 if powers else 0.0
        ends = [max(tests, start) for tests in numbers]
        axes.set_xscale("log" if powers else "linear")
        axes.set_xlim(start, max(most, 1) * (1.3 if powers else 1.06))
        axes.set_ylim(len(counts) - 0.45, -0.55)
        for row, (tests, end) in enumerate(zip(numbers, ends, strict=True)):
            leads = leading_to("category", keys[row]) if keys else None
            axes.plot([start, end], [row, row], color=LINE, linewidth=1.4, solid_capstyle="butt", gid=leads)
            axes.plot(end, row, "o", color=ACCENT, markersize=6, gid=leads)
            axes.annotate(
                number(tests), (end, row), (7, 0), textcoords="offset points", va="center", fontsize=FONT, color=INK
            )
        axes.set_yticks(rows, names)
        ticks = [10**power for power in range(len(str(most)))] if powers else [0, most]
        axes.set_xticks(ticks, [number(one) for one in ticks])
        axes.minorticks_off()
        bare(axes, bottom=True)
        if powers:
            axes.set_xlabel(_POWERS, fontsize=8.5, color=MUTED)
        axes.tick_params(axis="x", labelcolor=MUTED, labelsize=8.5, pad=3)

    described = ", ".join(f"{name}: {number(tests)}" for name, tests in counts)
    return drawn(draw, (width, height), title, f"{described}." + (f" {_POWERS.capitalize()}." if powers else ""))
