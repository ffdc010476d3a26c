"""What changed since an earlier case of the same target."""

from __future__ import annotations

import pandas as pd

from kit import frames, history
from kit.facts.history import CaseComparison
from kit.session import showing
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result

_COLOURS = {
    "new": "failed",
    "regressed": "error",
    "known": "timed_out",
    "fixed": "passed",
    "flaky": "xpassed",
    "unseen": "skipped",
}


def changed(reader: CaseReader, since: str) -> Result:
    """The causes and the tests that differ from those of the case ``since``, or of the one before this one."""
    found = _comparison(reader, since)
    if found is None:
        return Result(
            "There is no earlier case of this app to compare with.",
            pd.DataFrame(),
            notes=("Investigate the app again after a change: `kit investigate` begins a new case.",),
        )
    tests = frames.test_changes(found)
    rows = tuple((change, (float(sum(one.change == change for one in found.causes)),)) for change in _COLOURS)
    there = tuple(row for row in rows if row[1][0])
    colours = tuple(_COLOURS[change] for change, _ in there)
    bars = Bars(f"Causes, compared with {found.before.id}", there, (Series("causes", "accent"),), colours)
    return Result(
        f"{found.sentence}.",
        frames.cause_changes(found),
        frames.cause_changes,
        notes=(f"{found.before.place} → {found.after.place}", *_without_source(reader, found)),
        missing=reader.missing("test_batches"),
        chart=lambda: bars if there else None,
        body=showing.table(tests) if len(tests) else "",
    )


def _without_source(reader: CaseReader, found: CaseComparison) -> tuple[str, ...]:
    """Which of the two cases did not read the source: their causes have other places, or none."""
    store = reader.investigation.store
    cases = [one.id for one in (found.before, found.after) if store.load(one.id, ["inventory"]).inventory is None]
    told = "did not read the source: its causes stand where the error was raised, or nowhere."
    return tuple(f"`{one}` {told}" for one in cases)


def _comparison(reader: CaseReader, since: str) -> CaseComparison | None:
    store, own = reader.investigation.store, reader.investigation.case.id
    if since:
        return history.compare_recorded(store, since, own)
    return history.compare_with_previous(store, reader.facts)
