"""A release of a library that gives another result, or whose error a server hides: the failure could come of anything,
and its tests come to a line that the table of breakages knows.

https://peps.python.org/pep-0440/#version-specifiers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.detector import Detector
from kit.causes.detectors.upgraded_library import cause_of_breakage
from kit.causes.scene.broken_upgrades import behind_a_server, by_lines
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.failures import Group

KIND: Final = "changed-result"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    rest = list(unexplained)
    for entries in (by_lines, behind_a_server):
        for one, groups in entries(scene, tuple(rest)):
            rest = [group for group in rest if group not in groups]
            yield cause_of_breakage(KIND, scene, one, groups)


DETECTOR = Detector(rank=61, kind=KIND, find=_find)
