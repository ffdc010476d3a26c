"""The run over time and what changed since the case before: the parts ``timeline`` and ``comparison``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kit.report.joined import Joined
from kit.report.run_times import causes_named, first_failures

if TYPE_CHECKING:
    from kit.facts.history import CaseComparison, CauseChange

Json = dict[str, Any]


def timeline_of(joined: Joined) -> Json | None:
    """All times are seconds since the run began; ``None`` where no event of it was recorded."""
    run = joined.facts.timeline
    if run is None:
        return None
    return {
        "started": run.started,
        "seconds": run.seconds,
        "ready": run.ready,
        "first_failures": [
            {"at": one.at, "group": group.id, "test": one.nodeid} for one, group in first_failures(joined, run)
        ],
        "causes_named": [{"at": at, "cause": cause.id} for at, cause in causes_named(joined, run)],
        "moments": [
            {"at": one.at, "kind": one.kind, "what": one.what, "worker": one.worker or None} for one in run.moments
        ],
    }


def comparison_of(found: CaseComparison | None) -> Json | None:
    """``None`` where there is no earlier case of the target, or nobody compared."""
    if found is None:
        return None
    return {
        "before": asdict(found.before),
        "after": asdict(found.after),
        "verdict": found.verdict,
        "sentence": found.sentence,
        "causes": [_cause(one) for one in found.causes],
        "tests": [asdict(one) for one in found.tests],
        "gone": list(found.gone),
        "categories": [asdict(one) for one in found.categories],
        "slower": [asdict(one) for one in found.slower],
    }


def _cause(one: CauseChange) -> Json:
    return {
        "change": one.change,
        "id": one.cause.id,
        "title": one.cause.title,
        "before": one.before,
        "after": one.after,
        "since": asdict(one.since) if one.since else None,
        "why": one.why or None,
    }
