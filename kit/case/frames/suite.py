"""Frames of what the tests did."""

from __future__ import annotations

import pandas as pd

from kit.case.frames.frame import frame
from kit.facts.outcomes import OUTCOMES
from kit.facts.suite import SuiteFacts


def outcomes(suite: SuiteFacts) -> pd.Series[int]:
    """The accounting: how many tests had each outcome; adds up to what was collected."""
    accounting = suite.accounting
    counts = {outcome.replace("_", " "): getattr(accounting, outcome) for outcome in OUTCOMES}
    return pd.Series(counts, name="tests", dtype="int64")


def tests(suite: SuiteFacts) -> pd.DataFrame:
    """One row for each finished test: ``test`` (its node id), ``path``, ``outcome``, ``phase``, ``seconds``,
    ``reason``, ``alone`` (what it did when it was run once more), ``left running`` (the processes that it left behind).
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
            }
            for result in suite.results
        ],
        ["test", "path", "outcome", "phase", "seconds", "reason", "alone", "left running"],
        category=("path", "outcome", "phase", "alone"),
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
