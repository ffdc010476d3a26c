"""The case as data: ``incident.json``, whose shape is fixed by ``incident.schema.json``."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kit.facts.case import Case, CaseFacts, Stage, StageAttempt
from kit.facts.failures import Category, Failure, Group, Signature
from kit.facts.outcomes import OUTCOMES
from kit.facts.suite import CollectionError, TestResult
from kit.report.incident_fixes import final_of, options_of, peeling_of
from kit.report.incident_inventory import inventory_of, location_of, locations_of
from kit.report.incident_run import run_of
from kit.report.incident_time import comparison_of, timeline_of, trend_of
from kit.report.joined import Joined
from kit.report.status import status_of

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.timeline import EndedTest
    from kit.facts.upgrades import Forecast

#: a field that is added raises the second number, one that goes or changes its meaning the first
SCHEMA_VERSION = "2.1"

Json = dict[str, Any]


def build_incident(facts: CaseFacts) -> Json:
    """The facts in the shape of the contract: unknown is ``None``, durations are in seconds, paths relative with ``/``.

    A part whose stage did not get that far is ``None``; a part that was looked for and is not there is empty.
    """
    joined = Joined(facts)
    grouping = facts.grouping
    return {
        "schema_version": SCHEMA_VERSION,
        "case": _case(facts.case, facts.stages),
        "target": _target(facts),
        "status": status_of(facts),
        "accounting": _accounting(joined),
        "run": run_of(facts.suite),
        **inventory_of(facts.inventory),
        "causes": None if facts.causes is None else [_cause(cause, facts) for cause in facts.causes],
        "groups": [_group(joined, group) for group in grouping.groups] if grouping else None,
        "categories": [_category(category, tests) for category, tests in grouping.categories] if grouping else None,
        "forecasts": [_forecast(one) for one in grouping.forecasts] if grouping else None,
        "options": options_of(facts.fixes),
        "peeling": peeling_of(facts.fixes),
        "final": final_of(facts.fixes),
        "timeline": timeline_of(joined),
        "comparison": comparison_of(facts.compared),
        "trend": trend_of(facts.trend),
        "tests": _tests(joined),
    }


def _forecast(forecast: Forecast) -> Json:
    return {
        "library": forecast.library,
        "installed": forecast.installed,
        "release": forecast.release,
        "text": forecast.text,
        "advice": forecast.advice or None,
        "breakage": forecast.breakage or None,
        "lines": [{"path": place.path, "line": place.line} for place in forecast.places],
        "count": forecast.seen,
    }


def _case(case: Case, stages: tuple[Stage, ...]) -> Json:
    return {
        "id": case.id,
        "started": case.started,
        "finished": case.finished,
        "kit_version": case.kit_version,
        "parameters": case.parameters,
        "stages": [
            {"name": stage.name, **_attempt(stage), "earlier": [*map(_attempt, stage.earlier)]} for stage in stages
        ],
    }


def _attempt(stage: Stage | StageAttempt) -> Json:
    return {"outcome": stage.outcome, "seconds": stage.seconds, "error": stage.error}


def _target(facts: CaseFacts) -> Json:
    target = facts.case.target
    interpreter = target.interpreter
    return {
        "name": target.name,
        "root_name": PurePath(target.root).name,
        "revision": target.revision,
        "dirty": target.dirty,
        "python": interpreter.version if interpreter else None,
        "packages": interpreter.packages if interpreter else None,
        "import_roots": list(target.import_roots),
        "test_paths": list(target.test_paths),
    }


def _accounting(joined: Joined) -> Json | None:
    suite, accounting = joined.facts.suite, joined.accounting
    if suite is None or accounting is None:
        return None
    return {
        "collected": accounting.collected,
        **{outcome: getattr(accounting, outcome) for outcome in OUTCOMES},
        "uncollectable": [_uncollectable(joined, error) for error in suite.collection_errors],
    }


def _uncollectable(joined: Joined, error: CollectionError) -> Json:
    group = joined.group_of(error.path)
    return {
        "path": error.path,
        "error": error_text(error.failure),
        "category": group.category if group else None,
        "cause": joined.cause_of_test.get(error.path),
    }


def error_text(failure: Failure) -> str:
    """``Type: message`` of the exception that reached pytest."""
    raised = failure.raised
    return f"{raised.type}: {raised.message}" if raised.message else raised.type


def _cause(cause: Cause, facts: CaseFacts) -> Json:
    from kit.report.next_steps import next_step  # a run in which nothing fails has no causes

    step = next_step(cause, facts.case, facts.fixes)
    return {
        "id": cause.id,
        "kind": cause.kind,
        "title": cause.title,
        "state": cause.state,
        "locations": locations_of(cause.locations),
        "tests_blocked": cause.tests_blocked,
        "tests_first_hand": cause.first_hand,
        "uncollectable": list(cause.uncollectable),
        "owners": list(cause.owners),
        "hidden_behind": cause.hidden_behind,
        "waiting": cause.waiting,
        "further": cause.further,
        "groups": list(cause.groups),
        "evidence": [
            {"text": item.text, "location": location_of(item.location) if item.location else None}
            for item in cause.evidence
        ],
        "excerpts": [
            {"path": one.path, "first": one.first, "lines": list(one.lines), "marked": list(one.marked)}
            for one in cause.excerpts
        ],
        "next_step": str(step) or None,
        "next_command": list(step.argv),
    }


def _group(joined: Joined, group: Group) -> Json:
    return {
        "id": group.id,
        "signature": signature_text(group.signature),
        "exception": group.signature.exception,
        "message": group.signature.message,
        "frame": group.signature.frame,
        "category": group.category,
        "count": group.count,
        "sample_tests": list(group.sample_tests),
        "cause": joined.cause_of_group.get(group.id),
    }


def signature_text(signature: Signature) -> str:
    """A signature on one line: ``setup: OperationalError: no such table: users @ backend/app/core/db.py:create``."""
    place = f" @ {signature.frame}" if signature.frame else ""
    return f"{signature.phase}: {signature.exception}: {signature.message}{place}"


def _category(category: Category, tests: int) -> Json:
    return {"name": category.key, "title": category.title, "count": tests}


def _tests(joined: Joined) -> list[Json] | None:
    suite, run = joined.facts.suite, joined.facts.timeline
    if suite is None:
        return None
    ended = {one.nodeid: one for one in run.ended} if run else {}
    return [
        _test(joined, result, short_id, ended.get(result.nodeid))
        for result, short_id in zip(suite.results, joined.short_ids(), strict=True)
    ]


def _test(joined: Joined, result: TestResult, short_id: str, ended: EndedTest | None) -> Json:
    group = joined.group_of(result.nodeid)
    return {
        "nodeid": result.nodeid,
        "short_id": short_id,
        "outcome": result.outcome,
        "phase": result.phase,
        "seconds": result.seconds,
        "ended": ended.at if ended else None,
        "worker": ended.worker if ended else None,
        "category": group.category if group else None,
        "group": group.id if group else None,
        "cause": joined.cause_of_test.get(result.nodeid),
        "alone": result.alone,
        "leaked": list(result.leaked),
    }
