"""Charts for the notebooks: horizontal bars with their numbers, readable at any count of rows."""

from __future__ import annotations

from typing import cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure


def bars(counts: pd.Series[int] | pd.DataFrame, title: str, unit: str) -> Axes | None:
    """One bar for each row, the largest on top, labelled with its number; columns of a frame are stacked.

    Returns ``None`` when there are no rows.
    """
    if counts.empty:
        return None
    totals = counts.sum(axis=1) if isinstance(counts, pd.DataFrame) else counts
    ordered = counts.loc[totals.sort_values().index]
    axes = ordered.plot.barh(stacked=True, title=title, figsize=(8, 1.2 + 0.4 * len(counts)), width=0.7)
    axes.set(xlabel=unit, ylabel="")
    labels = [f"{total:,}" for total in totals[ordered.index]]
    axes.bar_label(cast("BarContainer", axes.containers[-1]), labels=labels, padding=3)
    axes.margins(x=0.1)
    axes.spines[["top", "right"]].set_visible(False)
    cast("Figure", axes.figure).tight_layout()
    return axes
