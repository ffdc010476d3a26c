"""The app over its cases: pass rate, causes and duration, and since when each cause is there."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.trend import CauseAge, Trend
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.sections.missing import Missing
from kit.report.trend_chart import MOST, trend_chart

#: at most this many cases have a row, the newest ones
_ROWS = 30


@dataclass(frozen=True)
class AgeRow:
    """Since when a cause is there; ``command`` would find its commit, where none is recorded."""

    age: CauseAge
    anchor: str
    command: str


@dataclass(frozen=True)
class TrendView:
    """``chart`` is ``None`` where fewer than two cases can be compared; ``drawn`` is how many cases it has."""

    trend: Trend
    chart: Markup | None
    drawn: int
    rows: tuple[AgeRow, ...]

    @property
    def lines(self) -> tuple[object, ...]:
        """The newest cases, newest first."""
        return tuple(reversed(self.trend.lines))[:_ROWS]


def view(joined: Joined) -> TrendView | Missing:
    """The cases of the app up to this one."""
    trend, case = joined.facts.trend, joined.facts.case
    if trend is None or len(trend.lines) < 2:
        return Missing("The store has no earlier case of this target to show a trend of.")
    whole = trend.whole
    is_bisectable = case.target.revision is not None
    return TrendView(
        trend=trend,
        chart=trend_chart(whole, trend.sentence) if len(whole) > 1 else None,
        drawn=min(len(whole), MOST),
        rows=tuple(
            AgeRow(
                age,
                anchor("cause", age.cause),
                commands.when(case, age.cause) if is_bisectable and age.introduced is None else "",
            )
            for age in trend.causes
        ),
    )
