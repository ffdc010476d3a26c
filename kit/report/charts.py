"""The charts, as SVG that stands in the page and takes its colours from the page's style."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from kit.facts.outcomes import Outcome
from kit.facts.suite import Accounting
from kit.masking import visible
from kit.report.wording import OUTCOME_LABELS, number, one_line, share

#: the order of the segments: what went well, what went wrong, what says nothing
_ORDER: tuple[Outcome, ...] = (
    "passed",
    "failed",
    "error",
    "timed_out",
    "crashed",
    "xpassed",
    "xfailed",
    "skipped",
    "not_run",
)


@dataclass(frozen=True)
class Segment:
    """A part of the outcome bar; ``start`` and ``width`` in percent."""

    outcome: Outcome
    label: str
    tests: int
    share: str
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """The outcome bar; ``description`` says it in words."""

    segments: tuple[Segment, ...]
    description: str


def outcome_bar(accounting: Accounting) -> Bar:
    """All collected tests as one bar."""
    total = sum(getattr(accounting, outcome) for outcome in _ORDER) or 1
    segments, start = [], 0.0
    for outcome in _ORDER:
        tests: int = getattr(accounting, outcome)
        if not tests:
            continue
        width = 100 * tests / total
        label = OUTCOME_LABELS[outcome]
        segments.append(Segment(outcome, label, tests, share(tests, total), round(start, 3), round(width, 3)))
        start += width
    told = ", ".join(f"{number(one.tests)} {one.label.lower()} ({one.share})" for one in segments)
    return Bar(tuple(segments), f"Of {number(accounting.collected)} collected tests: {told}.")


#: colours that stand for the page's own until the SVG is written
_BAR, _INK, _MUTED = "#010101", "#020202", "#030303"
_PAGE_COLOURS = {_BAR: "var(--accent)", _INK: "var(--ink)", _MUTED: "var(--ink-3)"}
_LONGEST_LABEL = 44
#: room for one character of a label, in inches
_CHARACTER = 0.075


def category_chart(counts: Sequence[tuple[str, int]]) -> Markup:
    """Categories as horizontal bars with their counts, largest first: ``counts`` are titles and numbers of tests."""
    return _drawn(tuple(counts))


@lru_cache(maxsize=8)  # a report is written twice, the second time with the end of its own stage
def _drawn(counts: tuple[tuple[str, int], ...]) -> Markup:
    from matplotlib import rc_context  # matplotlib takes half a second to import
    from matplotlib.figure import Figure

    titles = [one_line(title, _LONGEST_LABEL) for title, _ in counts]
    values = [tests for _, tests in counts]
    width, height = 7.6, 0.3 * len(counts) + 0.1
    room = (max(map(len, titles), default=0) * _CHARACTER + 0.2) / width
    with (
        rc_context({"svg.fonttype": "none", "svg.hashsalt": "kit", "text.parse_math": False}),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # a title may have characters that matplotlib's font lacks; the page's has them
        figure = Figure(figsize=(width, height))
        axes = figure.add_axes((room, 0, 0.92 - room, 1))
        bars = axes.barh(range(len(counts)), values, height=0.62, color=_BAR, edgecolor=_BAR, linewidth=1.2)
        axes.bar_label(bars, [number(value) for value in values], padding=5, fontsize=9.5, color=_INK)
        axes.set_yticks(range(len(counts)), titles, fontsize=9.5, color=_INK)
        axes.set_ylim(len(counts) - 0.45, -0.55)
        axes.set_xlim(0, max(values) * 1.02 or 1)
        axes.tick_params(length=0, pad=8)
        axes.xaxis.set_visible(False)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "left")
            spine.set_color(_MUTED)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    described = ", ".join(f"{title}: {number(tests)}" for title, tests in counts)
    return _for_the_page(buffer.getvalue(), "Failing tests by category", visible(described))


def _for_the_page(svg: str, title: str, description: str) -> Markup:
    """Matplotlib's file as part of a page: its own head gone, a text alternative in, colours and fonts of the page."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    box = re.search(r'viewBox="([^"]+)"', body)
    inner = body[body.index(">") + 1 :]
    inner = re.sub(r"font-family: [^;]*; ", "", inner)
    for ours, theirs in _PAGE_COLOURS.items():
        inner = inner.replace(ours, theirs)
    head = Markup(
        '<svg class="chart" viewBox="{}" role="img" aria-labelledby="chart-title chart-desc">'
        '<title id="chart-title">{}</title><desc id="chart-desc">{}</desc>'
    ).format(box.group(1) if box else "", title, description)
    return head + Markup(inner)  # noqa: S704  # matplotlib escapes the texts that it draws
