"""How far a module at fault reaches: the files that import it, those that load it through others, and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.report.figures import ACCENT, CHARACTER, FONT, INK, bare, drawn, needs_charts
from kit.report.wording import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@needs_charts
def reach_chart(rows: Sequence[tuple[str, int]], title: str) -> Markup:
    """A bar for each kind of file, with how many there are."""
    return _drawn(tuple(rows), title)


@lru_cache(maxsize=8)
def _drawn(rows: tuple[tuple[str, int], ...], title: str) -> Markup:
    names, numbers = [name for name, _ in rows], [files for _, files in rows]
    places = range(len(rows))
    width, height = 7.6, 0.32 * len(rows) + 0.1
    room = (max(map(len, names)) * CHARACTER + 0.2) / width

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((room, 0.02, 0.9 - room, 0.96))
        axes.barh(places, numbers, height=0.6, color=ACCENT)
        for row, files in enumerate(numbers):
            text = number(files)
            axes.annotate(text, (files, row), (6, 0), textcoords="offset points", va="center", fontsize=FONT, color=INK)
        axes.set_yticks(places, names)
        axes.set_xlim(0, max(*numbers, 1) * 1.08)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        bare(axes)
        axes.set_xticks([])

    described = ", ".join(f"{name}: {number(files)}" for name, files in rows)
    return drawn(draw, (width, height), title, f"{described}.")
