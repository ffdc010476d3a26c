"""The run over time, what changed since the case before, and the cases one after another: the parts ``timeline``,
``comparison`` and ``trend``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from kit.report.joined import Joined
from kit.report.run_times import causes_named, first_failures

if TYPE_CHECKING:
    from kit.facts.history import CaseComparison, CauseChange, Introduction
    from kit.facts.overview import CaseLine
    from kit.facts.trend import Trend

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


def trend_of(trend: Trend | None) -> Json | None:
    """``None`` where there is no earlier case of the target, or nobody looked."""
    if trend is None:
        return None
    return {
        "sentence": trend.sentence,
        "earlier": trend.earlier,
        "cases": [_line(line) for line in trend.lines],
        "causes": [
            {
                "id": age.cause,
                "first": asdict(age.first),
                "seen": age.seen,
                "looked": age.looked,
                "commit": _commit(age.introduced),
            }
            for age in trend.causes
        ],
    }


def _line(line: CaseLine) -> Json:
    target = line.case.target
    return {
        "id": line.case.id,
        "started": line.case.started,
        "revision": target.revision,
        "dirty": target.dirty,
        "outcomes": line.ended.outcomes,
        "uncollected": line.ended.uncollected,
        "is_whole": line.ended.is_whole,
        "seconds": line.ended.seconds,
        "causes": None if line.causes is None else [one.id for one in line.causes],
    }


def _commit(found: Introduction | None) -> Json | None:
    if found is None or found.commit is None:
        return None
    commit = found.commit
    return {
        "id": commit.id,
        "day": commit.day or None,
        "subject": commit.subject,
        "files": None if commit.files is None else list(commit.files),
        "untested": list(found.untested),
        "is_oldest": found.is_oldest,
        "differs": found.differs.sentence if found.differs else None,
    }
