"""A datetime without zone that meets one with a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import cause_of, run_command
from kit.causes.detector import Detector
from kit.causes.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND = "naive-datetime"
_MEET = re.compile(r"offset-naive and offset-aware|tz-naive and tz-aware")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_place: dict[str, list[Group]] = {}
    for group, _ in saying(unexplained, _MEET):
        by_place.setdefault(group.signature.frame or "", []).append(group)
    for place, groups in by_place.items():
        yield _cause(scene, place, groups)


def _cause(scene: Scene, place: str, groups: list[Group]) -> Cause:
    return cause_of(
        groups,
        id=f"{KIND}:{place}",
        kind=KIND,
        title=f"Naive and aware datetimes meet in {place}" if place else "Naive and aware datetimes meet",
        state="consistent",
        locations=scene.spots(*groups),
        evidence=[
            Evidence(f"They meet in: {frame.source}", Location(frame.path, frame.line))
            for frame in scene.frames(*groups)
            if frame.source
        ],
        next_step="Make the naive side aware where it is produced: datetime.now(UTC) in place of utcnow() and now(), "
        f"timezone=True on DateTime columns. Then check with: {run_command(groups[0])}",
    )


DETECTOR = Detector(rank=50, kind=KIND, find=_find)
