"""The answers about the tests of a case: each from its facts, with a sentence, a frame and a chart."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import pandas as pd

from kit import frames
from kit.facts.outcomes import OUTCOMES
from kit.facts.wording import counted
from kit.history import find_flaky
from kit.report import OUTCOME_LABELS, verdict
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result


def outcomes(reader: CaseReader) -> Result:
    """How many tests had each outcome; the rows add up to what was collected."""
    suite, accounting = reader.suite, reader.suite.accounting
    frame = frames.outcomes(suite).rename_axis("outcome").reset_index()
    counts = [(OUTCOME_LABELS[one], (float(getattr(accounting, one)),), one) for one in OUTCOMES]
    there = [one for one in counts if one[1][0]]
    title = f"{counted(accounting.collected, 'collected test')} by outcome"
    bars = Bars(title, tuple((label, value) for label, value, _ in there), colours=tuple(one for *_, one in there))
    notes = [suite.problem] if suite.problem else []
    notes += [suite.shares] if suite.shares else []
    notes += [f"Switched off in the app's settings: {one}" for one in suite.neutralised]
    if suite.collection_errors:
        notes.append(f"{counted(len(suite.collection_errors), 'file')} could not be collected: `case.uncollectable`.")
    return Result(
        _outcomes_answer(reader),
        frame[frame["tests"] > 0].reset_index(drop=True),
        frames.outcomes,
        notes=tuple(notes),
        missing=reader.missing("test_batches"),
        chart=lambda: bars if there else None,
        document=lambda: reader.part("accounting"),
    )


def _outcomes_answer(reader: CaseReader) -> str:
    accounting = reader.suite.accounting
    if reader.facts.suite is None:
        return "No test has run yet."
    if not accounting.collected:
        return "No test was collected."
    if not accounting.bad:
        return f"{accounting.passed:,} of {counted(accounting.collected, 'test')} passed, and none failed."
    return (
        f"{accounting.bad:,} of {counted(accounting.collected, 'test')} failed or could not finish; "
        f"{accounting.passed:,} passed."
    )


def slowest(reader: CaseReader, rows: int) -> Result:
    """The slowest tests, the slowest first."""
    tests = frames.tests(reader.suite.results, reader.joined.cause_of_test)
    found = tests.dropna(subset=["seconds"]).sort_values("seconds", ascending=False, kind="stable")
    total, first = found["seconds"].sum(), found.head(rows)
    share = f"{100 * first['seconds'].sum() / total:.0f} % of the time of all tests" if total else "no time"
    drawn = tuple(
        (str(row["test"]).rpartition("::")[2], (float(row["seconds"]),), str(row["outcome"]))
        for _, row in first.iterrows()
    )
    bars = Bars(
        f"Seconds of the {len(drawn)} slowest tests",
        tuple((name, seconds) for name, seconds, _ in drawn),
        (Series("seconds", "accent"),),
        tuple(outcome for *_, outcome in drawn),
    )
    return Result(
        f"The {len(drawn)} slowest of {counted(len(found), 'test')} take {share}." if drawn else "No time is recorded.",
        found.reset_index(drop=True),
        frames.tests,
        shown=("test", "seconds", "outcome"),
        most=rows,
        missing=reader.missing("test_batches"),
        chart=lambda: bars if total else None,
    )


def uncollectable(reader: CaseReader) -> Result:
    """The files that could not be collected; nobody knows how many tests they hold."""
    frame = frames.uncollectable(reader.suite)
    answer = (
        f"{counted(len(frame), 'file')} could not be collected." if len(frame) else "Every test file was collected."
    )
    if reader.facts.suite is None:
        answer = "No test file was collected yet."
    return Result(
        answer,
        frame,
        frames.uncollectable,
        missing=reader.missing("test_batches"),
        document=lambda: reader.part("accounting")["uncollectable"],
    )


def rechecks(reader: CaseReader) -> Result:
    """What failing tests did when they were run once more, by that and by their outcome."""
    results = [one for one in reader.suite.results if one.alone]
    frame = frames.rechecks(results)
    chance = sum(one.alone == "flaky" for one in results)
    others = sum(one.alone in ("passes_alone", "fails_beside_others", "needs_others") for one in results)
    answer = f"{counted(len(results), 'test')} ran once more: {others} depend on other tests, {chance} fail by chance."
    return Result(
        answer if results else "No test was run once more.",
        frame,
        frames.rechecks,
        missing=reader.missing("test_batches"),
    )


def flaky(reader: CaseReader) -> Result:
    """The tests whose outcome differs though nothing has changed, over all cases of the app."""
    found = find_flaky(reader.investigation.store, str(reader.root))
    none = "No test is known to be flaky" if found.revisions else "No revision was run twice without changes"
    answer = f"{counted(len(found.tests), 'flaky test')} in {counted(found.cases, 'case')} of {found.app}."
    return Result(
        answer if found.tests else f"{none}, in {counted(found.cases, 'case')} of {found.app}.",
        frames.flaky(found.tests),
        frames.flaky,
        missing=reader.missing("test_batches"),
    )


def left_running(reader: CaseReader) -> Result:
    """The processes that tests left behind; they were ended with the process of the test."""
    frame = frames.tests([one for one in reader.suite.results if one.leaked])
    answer = (
        f"{counted(len(frame), 'test')} left processes running." if len(frame) else "No test left a process running."
    )
    return Result(answer, frame, frames.tests, ("test", "left running"), missing=reader.missing("test_batches"))


def warnings(reader: CaseReader) -> Result:
    """The warnings of the tests, each distinct one once."""
    frame = frames.warnings(reader.suite)
    total = int(frame["count"].sum())
    answer = f"{counted(total, 'warning')}, {len(frame)} distinct." if total else "The tests gave no warning."
    return Result(answer, frame, frames.warnings, missing=reader.missing("test_batches"))


def coverage(reader: CaseReader) -> Result:
    """The lines that the tests cover, by file, where it was measured."""
    measured = reader.suite.coverage
    frame = frames.coverage(reader.suite)
    answer = f"The tests cover {measured.percent:.1f} % of {counted(measured.statements, 'line')}." if measured else ""
    answer = answer or 'Coverage was not measured: `run = {"coverage": True}` among the parameters does that.'
    bars = Bars(
        answer, tuple((row["path"], (float(row["percent"]),)) for _, row in frame.iterrows()), (Series("%", "accent"),)
    )
    return Result(answer, frame, frames.coverage, chart=lambda: bars if measured else None)


def report(reader: CaseReader, path: Path) -> Result:
    """Where the report stands, and what it says."""
    files = [file for name in ("html", "md", "json") if (file := path.with_suffix(f".{name}")).exists()]
    frame = pd.DataFrame(
        {"file": [str(file) for file in files], "kB": [round(file.stat().st_size / 1000) for file in files]}
    )
    link = f'<p><a href="{escape(os.path.relpath(path))}" target="_blank">Open the report</a></p>'
    return Result(verdict(reader.facts), frame, notes=("`incident.html` is one file: send it to anybody.",), body=link)
