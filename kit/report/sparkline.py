"""A line of pass rates, small enough for a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.facts.wording import counted
from kit.report.wording import share

#: of the drawing, in pixels
WIDTH, HEIGHT, _EDGE = 220, 44, 4

#: at most this many cases are drawn, the newest ones
MOST = 100


@dataclass(frozen=True)
class Sparkline:
    """``points`` of a polyline on ``WIDTH`` by ``HEIGHT`` pixels, its ``last`` one, and all of it in words."""

    points: str
    last: tuple[float, float]
    description: str


def sparkline(rates: Sequence[float]) -> Sparkline | None:
    """Pass rates from 0 to 1, the oldest first; ``None`` for fewer than two. The bottom is 0 %, the top 100 %."""
    if len(rates) < 2:
        return None
    drawn = rates[-MOST:]
    step = (WIDTH - 2 * _EDGE) / (len(drawn) - 1)
    points = [
        (round(_EDGE + at * step, 1), round(_EDGE + (1 - rate) * (HEIGHT - 2 * _EDGE), 1))
        for at, rate in enumerate(drawn)
    ]
    first, last = (share(round(rate * 1_000_000), 1_000_000) for rate in (drawn[0], drawn[-1]))
    worst = share(round(min(drawn) * 1_000_000), 1_000_000)
    told = f"Pass rate over {counted(len(drawn), 'case')}: from {first} to {last}, at worst {worst}."
    return Sparkline(" ".join(f"{x},{y}" for x, y in points), points[-1], told)
