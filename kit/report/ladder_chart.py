"""The pass rate now and after each fix, as steps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.report.figures import ACCENT, FONT, INK, MUTED, bare, drawn, needs_charts
from kit.report.wording import share

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@needs_charts
def ladder_chart(rungs: Sequence[tuple[int, int]], title: str) -> Markup:
    """Passed and collected tests before any fix and after each; at least one of them has collected a test."""
    return _drawn(tuple(rungs), title)


@lru_cache(maxsize=8)
def _drawn(rungs: tuple[tuple[int, int], ...], title: str) -> Markup:
    import pandas as pd

    frame = pd.DataFrame(rungs, columns=["passed", "collected"])
    frame["rate"] = 100 * frame["passed"] / frame["collected"].clip(lower=1)
    names = ["no fix" if not row else f"fix {row}" if row == 1 else f"fixes 1 to {row}" for row in frame.index]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.08, 0.15, 0.88, 0.72))
        axes.step(frame.index, frame["rate"], where="mid", color=ACCENT, linewidth=1.6)
        axes.plot(frame.index, frame["rate"], "o", color=ACCENT, markersize=6)
        for row, (passed, collected) in enumerate(rungs):
            place = (row, float(frame["rate"][row]))
            text = share(passed, collected)
            axes.annotate(text, place, (0, 7), textcoords="offset points", ha="center", fontsize=FONT, color=INK)
        axes.set_xticks(list(frame.index), names)
        axes.set_yticks([0, 50, 100], ["0 %", "50 %", "100 %"])
        axes.set_ylim(0, 112)
        axes.set_xlim(-0.5, len(frame) - 0.5)
        bare(axes, bottom=True)
        axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
        if len(frame) > 8:
            axes.tick_params(axis="x", labelsize=7.5)

    described = ", ".join(f"{name}: {share(*rung)}" for name, rung in zip(names, rungs, strict=True))
    return drawn(draw, (7.6, 2.3), title, f"Tests that pass, {described}.")
