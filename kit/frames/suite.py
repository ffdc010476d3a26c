"""Frames of what the tests did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from kit.facts.dossier import FlakyBy, FlakyTest
from kit.facts.outcomes import OUTCOMES
from kit.facts.suite import SuiteFacts, TestResult
from kit.frames.frame import frame

#: how a flaky test is known
_KNOWN_BY: dict[FlakyBy, str] = {"revision": "passes and fails at one revision", "rerun": "passed when it ran again"}


def outcomes(suite: SuiteFacts) -> pd.Series[int]:
    """The accounting, one row for each ``outcome``: ``tests`` (how many ended so). It adds up to what was collected."""
    accounting = suite.accounting
    counts = {outcome.replace("_", " "): getattr(accounting, outcome) for outcome in OUTCOMES}
    return pd.Series(counts, name="tests", dtype="int64")


def tests(results: Iterable[TestResult], causes: Mapping[str, str] | None = None) -> pd.DataFrame:  # noqa: PT028
    """One row for each finished test: ``test`` (its node id), ``path``, ``outcome``, ``phase``, ``seconds``,
    ``reason``, ``alone`` (what it did when it was run once more), ``left running`` (the processes that it left behind),
    ``cause`` (the id of the cause that blocks it, of ``causes`` by node id).
    """
    return frame(
        [
            {
                "test": result.nodeid,
                "path": result.path,
                "outcome": result.outcome,
                "phase": result.phase,
                "seconds": result.seconds,
                "reason": result.reason,
                "alone": result.alone.replace("_", " ") if result.alone else None,
                "left running": ", ".join(result.leaked) or None,
                "cause": (causes or {}).get(result.nodeid),
            }
            for result in results
        ],
        ["test", "path", "outcome", "phase", "seconds", "reason", "alone", "left running", "cause"],
        category=("path", "outcome", "phase", "alone", "cause"),
    )


def functions(results: Iterable[TestResult]) -> pd.DataFrame:
    """One row for each test function and outcome, in the order of the tests: ``function`` (the node id without the
    parameters), ``outcome``, ``tests`` (how many ended so), ``seconds`` (of all of them).
    """
    rows: dict[tuple[str, str], tuple[int, float]] = {}
    for result in results:
        key = (result.nodeid.partition("[")[0], result.outcome)
        tests, seconds = rows.get(key, (0, 0.0))
        rows[key] = tests + 1, seconds + (result.seconds or 0.0)
    return frame(
        [
            {"function": function, "outcome": outcome, "tests": tests, "seconds": round(seconds, 3)}
            for (function, outcome), (tests, seconds) in rows.items()
        ],
        ["function", "outcome", "tests", "seconds"],
        category=("outcome",),
    )


def flaky(found: Iterable[FlakyTest]) -> pd.DataFrame:
    """One row for each test whose outcome differs though nothing has changed: ``test``, ``failed`` (in how many
    cases), ``ran`` (in how many it ran), ``since`` (the first case in which it failed), ``how`` it is known.
    """
    return frame(
        [
            {"test": one.nodeid, "failed": one.bad, "ran": one.ran, "since": one.since.id, "how": _KNOWN_BY[one.by]}
            for one in found
        ],
        ["test", "failed", "ran", "since", "how"],
        category=("how",),
    )


def rechecks(results: Iterable[TestResult]) -> pd.DataFrame:
    """One row for each way in which failing tests behaved when they ran once more: ``alone`` (what they did then),
    ``outcome`` (the one that counts), ``tests`` (how many), ``example`` (the first of them).
    """
    rows: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result.alone:
            rows.setdefault((result.alone.replace("_", " "), result.outcome), []).append(result.nodeid)
    return frame(
        [
            {"alone": alone, "outcome": outcome, "tests": len(tests), "example": tests[0]}
            for (alone, outcome), tests in rows.items()
        ],
        ["alone", "outcome", "tests", "example"],
        category=("alone", "outcome"),
    )


def warnings(suite: SuiteFacts) -> pd.DataFrame:
    """One row for each distinct warning, the most frequent first: ``count``, ``category``, ``message``, ``where``,
    ``first seen in`` (a test).
    """
    return frame(
        [
            {
                "count": warning.count,
                "category": warning.category,
                "message": warning.message.partition("\n")[0],
                "where": f"{warning.path}:{warning.line}" if warning.path else None,
                "first seen in": warning.nodeid,
            }
            for warning in sorted(suite.warnings, key=lambda warning: -warning.count)
        ],
        ["count", "category", "message", "where", "first seen in"],
        category=("category",),
        whole=("count",),
    )


def coverage(suite: SuiteFacts) -> pd.DataFrame:
    """One row for each source file, the least covered first: ``path``, ``statements``, ``covered``, ``percent``; no row
    when coverage was not measured.
    """
    modules = suite.coverage.modules if suite.coverage else ()
    return frame(
        [
            {
                "path": module.path,
                "statements": module.statements,
                "covered": module.covered,
                "percent": round(module.percent, 1),
            }
            for module in sorted(modules, key=lambda module: module.percent)
        ],
        ["path", "statements", "covered", "percent"],
        whole=("statements", "covered"),
    )


def uncollectable(suite: SuiteFacts) -> pd.DataFrame:
    """One row for each file that could not be collected: ``path``, ``error``, ``message``."""
    return frame(
        [
            {
                "path": error.path,
                "error": error.failure.chain[-1].type,
                "message": error.failure.chain[-1].message.partition("\n")[0],
            }
            for error in suite.collection_errors
        ],
        ["path", "error", "message"],
    )
