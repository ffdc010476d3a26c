"""How the suite was run, as a part of ``incident.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kit.facts.suite import Coverage, SuiteFacts

Json = dict[str, Any]


def run_of(suite: SuiteFacts | None) -> Json | None:
    """``run``: ``None`` when the stage did not get that far."""
    if suite is None:
        return None
    return {
        "start_refusal": asdict(suite.start_refusal) if suite.start_refusal else None,
        "failed_end": asdict(suite.failed_end) if suite.failed_end else None,
        "isolation": suite.isolation,
        "protection": suite.protection,
        "touched": [asdict(one) for one in suite.touched],
        "shares": suite.shares,
        "not_alone": [{"path": path, "error": error} for path, error in suite.not_alone.items()],
        "polluted": [asdict(one) for one in suite.polluted],
        "state_watch": suite.state_watch,
        "seconds": suite.seconds,
        "sessions": [
            {
                "attempt": session.attempt,
                "started": session.started,
                "seconds": session.seconds,
                "finished": session.finished,
                "ended": session.ended,
                "problem": session.problem,
            }
            for session in suite.sessions
        ],
        "warnings": [
            {
                "category": warning.category,
                "message": warning.message,
                "path": warning.path,
                "line": warning.line,
                "test": warning.nodeid,
                "count": warning.count,
            }
            for warning in suite.warnings
        ],
        "coverage": _coverage(suite.coverage),
        "coverage_problem": suite.coverage_problem,
    }


def _coverage(coverage: Coverage | None) -> Json | None:
    if coverage is None:
        return None
    return {
        "statements": coverage.statements,
        "covered": coverage.covered,
        "percent": coverage.percent,
        "modules": [
            {
                "path": module.path,
                "statements": module.statements,
                "covered": module.covered,
                "percent": module.percent,
            }
            for module in coverage.modules
        ],
    }
