"""The app over its cases."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pandas as pd

from kit import frames, history
from kit.facts.case_commands import completed
from kit.facts.overview import CaseLine
from kit.facts.trend import CauseAge, Trend
from kit.report import build_incident
from kit.session import showing
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result

#: at most this many cases are drawn, the newest ones
_DRAWN = 20

_NO_PAST = "This is the first case of the app with outcomes or causes: there is nothing to compare it with."
_AGAIN = "Investigate the app again after a change: `kit investigate` begins a new case."


def trend(reader: CaseReader) -> Result:
    """The pass rate, the causes and the duration of each case up to this one."""
    found = history.trend_of(reader.investigation.store, reader.facts)
    if found is None:
        return Result(_NO_PAST, pd.DataFrame(), notes=(_AGAIN,), missing=reader.missing("test_batches"))
    ages = frames.cause_ages(found)
    return Result(
        f"{found.sentence}.",
        frames.trend(found),
        frames.trend,
        shown=("case", "revision", "pass_rate", "failing", "causes", "seconds"),
        most=_DRAWN,
        notes=_left_out(found),
        chart=lambda: _bars(found),
        document=lambda: build_incident(replace(reader.facts, trend=found))["trend"],
        body=showing.table(ages) if len(ages) else "",
    )


def since(reader: CaseReader, cause: str) -> Result:
    """When a cause first appeared."""
    found = history.trend_of(reader.investigation.store, reader.facts)
    age = next((one for one in found.causes if one.cause == cause), None) if found else None
    case = reader.investigation.case
    command = shlex.join(completed(["kit", "when", case.id, cause], case))
    if found is None or age is None:
        return Result(_NO_PAST, pd.DataFrame(), notes=(_first_commit(None, command),))
    answer = f"It is {age.sentence}" + (f"; the first is {age.first.place}." if age.looked > 1 else ".")
    one = Trend(found.lines, (age,), found.earlier)
    return Result(answer, frames.cause_ages(one), frames.cause_ages, notes=(_first_commit(age, command),))


def _first_commit(age: CauseAge | None, command: str) -> str:
    if age is not None and age.introduced is not None:
        return f"It came with a commit: {age.introduced.in_words} (kit when, in {age.searched_in})."
    return f"The commit that brought it was not searched for: `{command}` does that."


def _left_out(found: Trend) -> tuple[str, ...]:
    partly = len(found.lines) - len(found.whole)
    notes = [f"{partly} of them ran chosen tests or none, and have no bar."] if partly else []
    return tuple([*notes, f"{found.earlier} older cases are left out."] if found.earlier else notes)


def _bars(found: Trend) -> Bars | None:
    rows = tuple((line.case.id, _counts(line)) for line in found.whole[-_DRAWN:])
    series = (Series("as they should", "passed"), Series("failing", "failed"), Series("not run", "skipped"))
    return Bars("How the tests ended, case after case", rows, series) if len(rows) > 1 else None


def _counts(line: CaseLine) -> tuple[float, ...]:
    skipped = line.ended.outcomes.get("skipped", 0)
    return float(line.fine), float(line.bad), float(line.total - line.fine - line.bad - skipped)
