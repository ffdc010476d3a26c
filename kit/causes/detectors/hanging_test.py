"""A test that does not end, or a module that does not while it is imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import PATH, cause_of, counted, run_command
from kit.causes.detector import Detector
from kit.causes.exercised import where_to_look
from kit.causes.scene import Scene, in_category, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.suite import TestResult

KIND = "hanging-test"
#: what kit itself says of a collection that it has stopped
_COLLECTING = re.compile(r"^collection did not end within ")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for group in in_category(unexplained, "timed-out"):
        stopped = scene.results(group)
        if stopped and all(result.outcome == "timed_out" for result in stopped):
            yield _cause(scene, group, stopped)
    for group, _ in saying(unexplained, _COLLECTING):
        if group.files:
            yield _importing(scene, group)


def _cause(scene: Scene, group: Group, stopped: Sequence[TestResult]) -> Cause:
    where = group.signature.frame or stopped[0].nodeid
    who = stopped[0].nodeid if len(stopped) == 1 else counted(len(stopped), "test")
    return cause_of(
        [group],
        id=f"{KIND}:{where}",
        kind=KIND,
        title=f"{who} does not end" if len(stopped) == 1 else f"{who} do not end",
        state="consistent",
        locations=where_to_look(scene, group),
        evidence=[
            *_stack(scene, group),
            *(Evidence(reason) for reason in dict.fromkeys(result.reason for result in stopped) if reason),
        ],
        next_step=f"Find what it waits for at that line, and who should answer. Run it alone: {run_command(group)}",
    )


def _importing(scene: Scene, group: Group) -> Cause:
    places = scene.spots(group)
    return cause_of(
        [group],
        id=f"{KIND}:{group.signature.frame or places[0].path}",
        kind=KIND,
        title=f"The import of {places[0].path} does not end",
        state="consistent",
        locations=places,
        evidence=_stack(scene, group),
        next_step="Find what it waits for at that line, and move that into a function. "
        f"Then check with: kit run {PATH}",
    )


def _stack(scene: Scene, group: Group) -> Iterator[Evidence]:
    for frame in scene.frames(group):
        said = f"It was stopped here: {frame.source}" if frame.source else "It was stopped here"
        yield Evidence(said, _place(frame.path, frame.line))


def _place(path: str, line: int) -> Location:
    return Location(path, line, "stopped")


DETECTOR = Detector(rank=80, kind=KIND, find=_find)
