"""An app over its cases, as frames."""

from __future__ import annotations

import pandas as pd

from kit.facts.trend import Trend
from kit.frames.frame import frame


def trend(found: Trend) -> pd.DataFrame:
    """One row for each case, the oldest first: ``case``, ``started``, ``revision`` (of the app, and whether it had
    changes), ``is_whole`` (whether all tests were to run), ``pass_rate`` (0 to 1, skipped tests left out), ``tests``,
    ``failing``, ``uncollected`` (files), ``causes`` (how many; missing where they were not looked for), ``seconds``
    (how long the run took).
    """
    return frame(
        [
            {
                "case": line.case.id,
                "started": line.case.started,
                "revision": line.case.target.state,
                "is_whole": line.ended.is_whole,
                "pass_rate": line.pass_rate,
                "tests": line.total,
                "failing": line.bad,
                "uncollected": line.ended.uncollected,
                "causes": None if line.causes is None else len(line.causes),
                "seconds": line.ended.seconds,
            }
            for line in found.lines
        ],
        [
            *("case", "started", "revision", "is_whole", "pass_rate"),
            *("tests", "failing", "uncollected", "causes", "seconds"),
        ],
        whole=("causes",),
    )


def cause_ages(found: Trend) -> pd.DataFrame:
    """One row for each cause of the newest case: ``cause``, ``first`` (the oldest case that named it), ``since`` (when
    that began), ``named`` (in how many cases since then), ``looked`` (in how many cases since then causes were looked
    for), ``commit`` (that brought it, as ``kit when`` has recorded it).
    """
    return frame(
        [
            {
                "cause": age.title,
                "first": age.first.place,
                "since": age.first.started,
                "named": age.seen,
                "looked": age.looked,
                "commit": age.introduced.in_words if age.introduced else None,
            }
            for age in found.causes
        ],
        ["cause", "first", "since", "named", "looked", "commit"],
    )
