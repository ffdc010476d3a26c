"""Functions of the target that call themselves, or each other, without end.

https://docs.python.org/3/library/exceptions.html#RecursionError
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.failures import module_name

KIND: Final = "endless-recursion"
#: a line that a traceback goes through this often is part of the circle
_OFTEN = 3


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[Frame, ...], list[Group]] = {}
    for group in unexplained:
        circle = _circle(scene, group) if group.signature.exception == "RecursionError" else ()
        if circle:
            met.setdefault(circle, []).append(group)
    for circle, groups in met.items():
        yield _cause(circle, groups)


def _circle(scene: Scene, group: Group) -> tuple[Frame, ...]:
    """The lines that the traceback goes through again and again, those of the target if there are any; by place, as it
    may be entered anywhere.
    """
    frames = [frame for root in scene.roots(group)[:1] for frame in root.frames]
    again = [frame for frame, number in Counter(frames).items() if number >= _OFTEN]
    own = [frame for frame in again if frame.owner != "library"]
    return tuple(sorted(own, key=lambda frame: (frame.path, frame.line)))


def _cause(circle: Sequence[Frame], groups: list[Group]) -> Cause:
    functions = list(dict.fromkeys(f"{module_name(frame)}:{frame.function}" for frame in circle))
    calls = "calls itself" if len(functions) == 1 else "call each other"
    return cause_of(
        groups,
        id=f"{KIND}:{'+'.join(functions)}",
        kind=KIND,
        title=f"{enumerated(functions)} {calls} without end",
        state="consistent",
        locations=[Location(frame.path, frame.line, "calls") for frame in circle],
        evidence=[
            Evidence(f"{frame.function} goes on to: {frame.source}", Location(frame.path, frame.line))
            for frame in circle
            if frame.source
        ],
        next_step=then_check(
            "Give the recursion an end, or break the circle in the data that it follows", check_command(groups)
        ),
    )


DETECTOR = Detector(rank=88, kind=KIND, find=_find)
