"""What ran when, what interrupted it, and how long until the first cause was named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from kit.facts.case import STAGES, Stage, StageAttempt
from kit.facts.kinds import StageName
from kit.facts.suite import RunSession, SuiteFacts
from kit.report.joined import Joined
from kit.report.sections.moments import Moments, Slowest, moments, slowest
from kit.report.status import REPORT_STAGE
from kit.report.wording import one_line, words

_OUTCOMES = {"done": "done", "failed": "failed", "skipped": "skipped", "running": "did not finish"}


@dataclass(frozen=True)
class StageRow:
    """A stage, or an earlier attempt at it; ``share`` is its part of the longest stage's time, 0 to 1."""

    stage: Stage | StageAttempt
    title: str
    outcome: str
    notebook: str
    share: float


@dataclass(frozen=True)
class SessionRow:
    """A session of the test run, and how it ended."""

    session: RunSession
    ended: str


@dataclass(frozen=True)
class Timeline:
    """The stages in their order, with all attempts at each, and the ``sessions`` of the test run if something
    interrupted it. ``right_cause_after`` is when the one that stands first in the end was named.
    """

    rows: tuple[StageRow, ...]
    sessions: tuple[SessionRow, ...]
    started: str
    finished: str | None
    first_cause_after: float | None
    right_cause_after: float | None
    moments: Moments | None
    slowest: Slowest | None


def view(joined: Joined) -> Timeline:
    """The timeline of the case."""
    case, stages = joined.facts.case, joined.facts.stages
    longest = max((stage.seconds or 0 for stage in stages), default=0)
    return Timeline(
        rows=tuple(row for stage in stages for row in _rows(stage, longest)),
        sessions=_sessions(joined.facts.suite),
        started=case.started,
        finished=case.finished,
        first_cause_after=case.first_cause_after,
        right_cause_after=case.named_after.get(joined.causes[0].id) if joined.causes else None,
        moments=moments(joined),
        slowest=slowest(joined.facts.suite),
    )


def _sessions(suite: SuiteFacts | None) -> tuple[SessionRow, ...]:
    """The sessions; none when a single one finished."""
    sessions = suite.sessions if suite else ()
    if len(sessions) == 1 and sessions[0].ended and not sessions[0].interrupted:
        return ()
    return tuple(SessionRow(session, _end_of(session)) for session in sessions)


def _end_of(session: RunSession) -> str:
    if not session.ended:
        return "did not finish"
    return one_line(session.problem) if session.problem else "finished"


def _rows(stage: Stage, longest: float) -> Iterator[StageRow]:
    for attempt in stage.earlier:
        yield _row(stage.name, attempt, longest, is_last=False)
    yield _row(stage.name, stage, longest, is_last=True)


def _row(name: str, stage: Stage | StageAttempt, longest: float, *, is_last: bool) -> StageRow:
    writing = name == REPORT_STAGE and stage.outcome == "running" and is_last
    notebook = STAGES.get(cast("StageName", name))  # a later version of kit may have recorded another stage
    return StageRow(
        stage=stage,
        title=words(name).capitalize(),
        outcome="wrote this report" if writing else _OUTCOMES[stage.outcome],
        notebook=f"notebooks/{notebook}.ipynb" if notebook and is_last else "",
        share=(stage.seconds or 0) / longest if longest else 0,
    )
