"""Writes the report of a case, and the page of all cases beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit import history
from kit.case import stages
from kit.case.case_suite import CaseSuite
from kit.case.index import save_judged, write_index
from kit.case.record import CaseRecord
from kit.facts.case import CaseFacts


def write_case_report(record: CaseRecord, suite: CaseSuite, reports: Path) -> Path:
    """Write the report into the folder of the case in ``reports``; returns the path of the HTML."""
    folder = reports / record.case.id
    with record.running("incident_report"):
        suite.catch_up()
        path = stages.write_report(_documented(record), folder)
    # once more, now that the report's own stage and the end of the case are facts too
    record.finish()
    if path.exists():
        facts = _documented(record)
        path = stages.write_report(facts, folder)
        save_judged(record.store, facts)
    write_index(record.store, reports)
    return path


def _documented(record: CaseRecord) -> CaseFacts:
    """All facts, what changed since the case before, and the cases of the target up to this one."""
    facts, store = record.facts(), record.store
    return replace(facts, compared=history.compare_with_previous(store, facts), trend=history.trend_of(store, facts))
