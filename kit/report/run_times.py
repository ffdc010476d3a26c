"""When each kind of failure was first seen and each cause first named, in seconds since the run began."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from kit.facts.failures import Group
from kit.facts.timeline import EndedTest, RunTimeline
from kit.report.joined import Joined

if TYPE_CHECKING:
    from kit.facts.causes import Cause


def first_failures(joined: Joined, run: RunTimeline) -> Iterator[tuple[EndedTest, Group]]:
    """The first test of each group that failed, in the order in which they ended."""
    groups = {failure: group for group in joined.groups for failure in group.failure_ids}
    seen: set[str] = set()
    for one in run.ended:
        group = groups.get(one.failure or "")
        if group and group.id not in seen:
            seen.add(group.id)
            yield one, group


def causes_named(joined: Joined, run: RunTimeline) -> Iterator[tuple[float, Cause]]:
    """Causes that are still named at the end, with the second at which they were first named; that is below zero where
    it was before the run. Causes that were named after the run are left out.
    """
    begun = _between(joined.facts.case.started, run.started)
    for cause in joined.causes:
        after = joined.facts.case.named_after.get(cause.id)
        if after is not None and begun is not None and after - begun <= run.seconds:
            yield after - begun, cause


def _between(first: str, second: str) -> float | None:
    try:
        return (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds()
    except (ValueError, TypeError):
        return None
