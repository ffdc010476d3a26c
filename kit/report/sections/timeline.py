"""What ran when, and how long until the first cause was named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from kit.facts.case import STAGES, Stage
from kit.facts.kinds import StageName
from kit.report.joined import Joined
from kit.report.status import REPORT_STAGE
from kit.report.wording import words

_OUTCOMES = {"done": "done", "failed": "failed", "skipped": "skipped", "running": "did not finish"}


@dataclass(frozen=True)
class StageRow:
    """A stage; ``share`` is its part of the longest stage's time, 0 to 1."""

    stage: Stage
    title: str
    outcome: str
    notebook: str
    share: float


@dataclass(frozen=True)
class Timeline:
    """The stages in their order. ``right_cause_after`` is when the one that stands first in the end was named."""

    rows: tuple[StageRow, ...]
    started: str
    finished: str | None
    first_cause_after: float | None
    right_cause_after: float | None


def view(joined: Joined) -> Timeline:
    """The timeline of the case."""
    case, stages = joined.facts.case, joined.facts.stages
    longest = max((stage.seconds or 0 for stage in stages), default=0)
    return Timeline(
        rows=tuple(_row(stage, longest) for stage in stages),
        started=case.started,
        finished=case.finished,
        first_cause_after=case.first_cause_after,
        right_cause_after=case.named_after.get(joined.causes[0].id) if joined.causes else None,
    )


def _row(stage: Stage, longest: float) -> StageRow:
    writing = stage.name == REPORT_STAGE and stage.outcome == "running"
    notebook = STAGES.get(cast("StageName", stage.name))  # a later version of kit may have recorded another stage
    return StageRow(
        stage=stage,
        title=words(stage.name).capitalize(),
        outcome="wrote this report" if writing else _OUTCOMES[stage.outcome],
        notebook=f"notebooks/{notebook}.ipynb" if notebook else "",
        share=(stage.seconds or 0) / longest if longest else 0,
    )
