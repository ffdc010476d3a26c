"""A release of a library that gives another result: the failure could come of anything, and its tests come to a line
that the table of breakages knows.

https://peps.python.org/pep-0440/#version-specifiers
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.detector import Detector
from kit.causes.detectors.upgraded_library import cause_of_breakage
from kit.causes.scene.broken_upgrades import by_lines
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.failures import Group

KIND: Final = "changed-result"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for one, groups in by_lines(scene, unexplained):
        yield cause_of_breakage(KIND, scene, one, groups)


DETECTOR = Detector(rank=61, kind=KIND, find=_find)
