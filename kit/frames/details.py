"""Frames about one thing of a case: a failure, a cause, a module, a test in several cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from kit.facts.case import Case, Stage
from kit.facts.causes import Cause
from kit.facts.failures import Failure
from kit.facts.history import CaseComparison
from kit.facts.modules import Neighbourhood
from kit.facts.places import Location
from kit.facts.suite import TestResult, TestRow
from kit.frames.frame import frame


def traceback(failure: Failure | None) -> pd.DataFrame:
    """One row for each frame of the app and of the tests, outermost first: ``exception``, ``where``, ``function``,
    ``source`` (the line), ``owner`` (own or test). Frames of libraries are left out.
    """
    return frame(
        [
            {
                "exception": info.type,
                "where": f"{one.path}:{one.line}",
                "function": one.function,
                "source": one.source,
                "owner": one.owner,
            }
            for info in (failure.chain if failure else ())
            for one in info.frames
            if one.owner != "library"
        ],
        ["exception", "where", "function", "source", "owner"],
        category=("exception", "owner"),
    )


def history(results: Iterable[tuple[Case, TestRow]]) -> pd.DataFrame:
    """One row for each case that has an outcome of a test, the newest first: ``case``, ``started``, ``revision`` (of
    the app, and whether it had changes), ``outcome``, ``seconds``, ``reason``.
    """
    return frame(
        [
            {
                "case": case.id,
                "started": case.started,
                "revision": case.target.state,
                "outcome": result.outcome,
                "seconds": result.seconds,
                "reason": result.reason,
            }
            for case, result in results
        ],
        ["case", "started", "revision", "outcome", "seconds", "reason"],
        category=("outcome",),
    )


def before_and_after(before: Sequence[TestResult | None], after: Sequence[TestResult]) -> pd.DataFrame:
    """One row for each test that ran again: ``test``, ``before`` and ``now`` (its outcomes), ``seconds``,
    ``reason``.
    """
    return frame(
        [
            {
                "test": now.nodeid,
                "before": one.outcome.replace("_", " ") if one else None,
                "now": now.outcome.replace("_", " "),
                "seconds": now.seconds,
                "reason": now.reason,
            }
            for one, now in zip(before, after, strict=True)
        ],
        ["test", "before", "now", "seconds", "reason"],
        category=("before", "now"),
    )


def cause_changes(found: CaseComparison) -> pd.DataFrame:
    """One row for each cause of two cases: ``change`` (new, known, fixed, regressed, flaky, unseen), ``cause``,
    ``before`` and ``after`` (the tests and files that it stops), ``where``, ``since`` (the first case that named it).
    """
    return frame(
        [
            {
                "change": one.change,
                "cause": one.cause.title,
                "before": one.before,
                "after": one.after,
                "where": ", ".join(map(str, one.cause.locations)),
                "since": one.since.id if one.since else None,
            }
            for one in found.causes
        ],
        ["change", "cause", "before", "after", "where", "since"],
        category=("change",),
        whole=("before", "after"),
    )


def test_changes(found: CaseComparison) -> pd.DataFrame:
    """One row for each test that failed in one of two cases and not in the same way: ``change``, ``test``, ``before``
    and ``after`` (its outcomes; ``None``: the case does not have it).
    """
    return frame(
        [
            {"change": one.change, "test": one.nodeid, "before": one.before, "after": one.after}
            for one in found.tests
            if one.change != "known"
        ],
        ["change", "test", "before", "after"],
        category=("change", "before", "after"),
    )


def places(found: Iterable[Location]) -> pd.DataFrame:
    """One row for each place in the source: ``where``, ``role`` (what it is to the fact that names it)."""
    return frame([{"where": str(one), "role": one.role or None} for one in found], ["where", "role"])


def evidence(cause: Cause) -> pd.DataFrame:
    """One row for each fact that supports a cause: ``evidence``, ``where`` (it can be checked)."""
    return frame(
        [{"evidence": one.text, "where": str(one.location) if one.location else None} for one in cause.evidence],
        ["evidence", "where"],
    )


def neighbours(found: Neighbourhood) -> pd.DataFrame:
    """One row for each module next to one: ``direction`` (imports it, or imported by it), ``module``, ``role``,
    ``where`` (the statement).
    """
    sides = (("imports it", found.importers), ("imported by it", found.imports))
    return frame(
        [
            {"direction": direction, "module": one.module, "role": one.role, "where": str(one.location)}
            for direction, several in sides
            for one in several
        ],
        ["direction", "module", "role", "where"],
        category=("direction", "role"),
    )


def stages(found: Iterable[Stage]) -> pd.DataFrame:
    """One row for each stage of a case in their order: ``stage``, ``outcome``, ``seconds``, ``started``, ``error``,
    ``attempts`` (how often it has begun).
    """
    return frame(
        [
            {
                "stage": one.name.replace("_", " "),
                "outcome": one.outcome,
                "seconds": one.seconds,
                "started": one.started,
                "error": one.error,
                "attempts": len(one.earlier) + 1,
            }
            for one in found
        ],
        ["stage", "outcome", "seconds", "started", "error", "attempts"],
        category=("stage", "outcome"),
    )
