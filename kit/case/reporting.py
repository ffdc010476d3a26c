"""Writes the report of a case, and the page of all cases beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit import history, report
from kit.case.case_suite import CaseSuite
from kit.case.index import save_judged, write_index
from kit.case.record import CaseRecord
from kit.facts.case import CaseFacts
from kit.store import Store
from kit.suite import read_timeline


def write_case_report(record: CaseRecord, suite: CaseSuite, reports: Path) -> Path:
    """Write the report into the folder of the case in ``reports``; returns the path of the HTML."""
    folder = reports / record.case.id
    with record.running("incident_report"):
        suite.catch_up()
        facts = _documented(_with_timeline(record.facts(), folder), record.store)
        path = report.write_report(facts, folder)
    # once more, now that the report's own stage and the end of the case are facts too; the large parts are as they were
    record.finish()
    if path.exists():
        head = record.store.load(record.case.id, ())
        facts = _documented(replace(facts, case=head.case, stages=head.stages), record.store)
        path = report.write_report(facts, folder)
        save_judged(record.store, facts)
    write_index(record.store, reports)
    return path


def renew_report(store: Store, case: str, reports: Path) -> Path | None:
    """Write the report of a case anew if it has one, with what was recorded since; returns the path of the HTML."""
    folder = reports / case
    if not (folder / "incident.html").is_file():
        return None
    return report.write_report(_documented(_with_timeline(store.load(case), folder), store), folder)


def _with_timeline(facts: CaseFacts, folder: Path) -> CaseFacts:
    return replace(facts, timeline=read_timeline(folder / "events.jsonl"))


def _documented(facts: CaseFacts, store: Store) -> CaseFacts:
    """All facts, what changed since the case before, and the cases of the target up to this one."""
    return replace(facts, compared=history.compare_with_previous(store, facts), trend=history.trend_of(store, facts))
