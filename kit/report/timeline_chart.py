"""The run as a picture: its workers over time, new failures, causes as they were named, crashes and hangs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.facts.outcomes import BAD as BAD_OUTCOMES
from kit.facts.timeline import RunTimeline
from kit.report.figures import ACCENT, BAD, DARK, GOOD, INK, LINE, MUTED, WARN, bare, drawn, needs_charts
from kit.report.wording import duration, number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch

#: the picture is this many steps of time wide
_STEPS = 260
#: a worker is drawn at most this often; more stand together
_MOST_WORKERS = 8
#: how high a lane is, as a part of its row
_LANE = 0.62


@dataclass(frozen=True)
class Mark:
    """Something to mark at a time, in seconds since the run began."""

    at: float
    what: str


#: a part of a lane: from when to when, in seconds, and from how far down to how far up, as parts of its height
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Lane:
    """What is drawn of a worker: boxes by their colour."""

    worker: int
    boxes: tuple[tuple[str, tuple[_Box, ...]], ...]


@needs_charts
def timeline_chart(run: RunTimeline, failures: Sequence[Mark], causes: Sequence[Mark], title: str) -> Markup:
    """``failures`` are the first ones of their groups, ``causes`` those that were named while the run went on."""
    described = _described(run, failures, causes)
    return _drawn(replace(run, ended=()), _lanes(run), tuple(failures), tuple(causes), title, described)


def _lanes(run: RunTimeline) -> tuple[_Lane, ...]:
    import pandas as pd  # takes as long as matplotlib

    tests = pd.DataFrame(
        {
            "at": [one.at for one in run.ended],
            "seconds": [one.seconds for one in run.ended],
            "worker": [min(one.worker, _MOST_WORKERS) for one in run.ended],
            "outcome": pd.Categorical([one.outcome for one in run.ended]),
        }
    )
    step = max(run.seconds, 0.001) / _STEPS
    workers = sorted(tests["worker"].unique().tolist())
    return tuple(_Lane(worker, _boxes(tests[tests["worker"] == worker], step)) for worker in workers)


# A report is written twice, the second time with the end of its own stage. What is remembered has the run without its
# tests: with them it would keep all of these in memory.
@lru_cache(maxsize=2)
def _drawn(
    run: RunTimeline,
    lanes: tuple[_Lane, ...],
    failures: tuple[Mark, ...],
    causes: tuple[Mark, ...],
    title: str,
    described: str,
) -> Markup:
    workers = [lane.worker for lane in lanes]
    rows = ["Causes named", "New failures", *(_name(worker, workers) for worker in workers)]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.14, 0.12, 0.84, 0.85))
        length = max(run.seconds, 0.001)
        axes.set_xlim(0, length)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        _draw_phases(axes, run, len(rows))
        for row, lane in enumerate(lanes, start=2):
            for colour, boxes in lane.boxes:
                axes.add_patch(_patch(boxes, row, colour))
        _draw_marks(axes, 0, causes, ACCENT, "D")
        _draw_marks(axes, 1, failures, BAD, "v")
        for one in run.moments:
            if one.kind == "lost" and min(one.worker, _MOST_WORKERS) in workers:
                row = workers.index(min(one.worker, _MOST_WORKERS)) + 2
                axes.plot([one.at], [row], "X", color=DARK, markersize=8, markeredgecolor=DARK)
        axes.set_yticks(range(len(rows)), rows)
        ticks = [length * part / 4 for part in range(5)]
        axes.set_xticks(ticks, [duration(one) if one else "0" for one in ticks])
        bare(axes, bottom=True)
        axes.tick_params(axis="x", labelcolor=MUTED, labelsize=8.5, pad=3)
        axes.get_xticklabels()[-1].set_horizontalalignment("right")

    return drawn(draw, (7.6, 0.34 * len(rows) + 0.45), title, described)


def _name(worker: int, workers: Sequence[int]) -> str:
    is_several = worker == _MOST_WORKERS and worker == workers[-1] and len(workers) == _MOST_WORKERS
    return f"Worker {worker} …" if is_several else f"Worker {worker}"


def _draw_phases(axes: Axes, run: RunTimeline, rows: int) -> None:
    """Collection before the tests and repetitions after them, as a wash with a word."""
    again = next((one.at for one in run.moments if one.kind == "rechecking"), None)
    for start, end, words in ((0.0, run.ready, "collection"), (again, run.seconds, "failures once more")):
        if start is None or end is None or end - start < run.seconds * 0.01:
            continue
        axes.axvspan(start, end, color=LINE, alpha=0.45, linewidth=0)
        if end - start > run.seconds * 0.12:
            axes.text((start + end) / 2, rows - 0.6, words, ha="center", va="bottom", fontsize=8.5, color=MUTED)
    for one in run.moments:
        if one.kind == "resumed":
            axes.axvline(one.at, color=INK, linewidth=1, linestyle=":")


def _boxes(tests: pd.DataFrame, step: float) -> tuple[tuple[str, tuple[_Box, ...]], ...]:
    """A lane: at each step green for the part of its tests that passed, red for the rest; amber while one hung."""
    hung = tests[tests["outcome"] == "timed_out"]
    good, bad = [], []
    for first, last, passed in _stretches(tests[tests["outcome"] != "timed_out"], step):
        good += [(first * step, last * step, 0.0, passed)] if passed else []
        bad += [(first * step, last * step, passed, 1.0)] if passed < 1 else []
    hanging = [(at - seconds, at, 0.0, 1.0) for at, seconds in zip(hung["at"], hung["seconds"], strict=True)]
    return tuple((colour, tuple(boxes)) for colour, boxes in ((GOOD, good), (BAD, bad), (WARN, hanging)) if boxes)


def _stretches(tests: pd.DataFrame, step: float) -> Iterator[tuple[int, int, float]]:
    """First step, step after the last one, and the part of the tests that passed (in tenths); alike ones are joined."""
    passed = ~tests["outcome"].isin(list(BAD_OUTCOMES))
    shares = passed.groupby((tests["at"] / step).astype(int)).mean().round(1)
    start = end = -1
    value = 0.0
    for at, part in zip(shares.index.tolist(), shares.tolist(), strict=True):
        if at != end or part != value:
            if end > start:
                yield start, end, value
            start, value = at, part
        end = at + 1
    if end > start:
        yield start, end, value


def _patch(boxes: Sequence[_Box], row: int, colour: str) -> PathPatch:
    """Boxes of one colour as a single path, which takes little room in the page."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path
    from matplotlib.transforms import Affine2D

    unit, base = Path.unit_rectangle(), row + _LANE / 2
    paths = [
        unit.transformed(Affine2D().scale(end - start, -_LANE * (high - low)).translate(start, base - _LANE * low))
        for start, end, low, high in boxes
    ]
    return PathPatch(Path.make_compound_path(*paths), facecolor=colour, linewidth=0)


def _draw_marks(axes: Axes, row: int, marks: Sequence[Mark], colour: str, shape: str) -> None:
    if marks:
        axes.plot([one.at for one in marks], [row] * len(marks), shape, color=colour, markersize=6)


def _described(run: RunTimeline, failures: Sequence[Mark], causes: Sequence[Mark]) -> str:
    lost = [f"{one.what} at {duration(one.at)}" for one in run.moments if one.kind == "lost"]
    told = [
        f"{number(len(run.ended))} tests ended in {duration(run.seconds)}",
        *(f"{one.what}: named after {duration(one.at)}" for one in causes),
        *(f"{one.what}: first seen after {duration(one.at)}" for one in failures[:20]),
        *(f"a worker went down: {one}" for one in lost),
    ]
    return "; ".join(told) + "."
