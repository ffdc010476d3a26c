"""A test that ends the interpreter that runs it.

https://docs.python.org/3/library/os.html#os._exit
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.suite import TestResult
from kit.facts.wording import counted

KIND: Final = "interpreter-exit"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for group in unexplained:
        died = scene.results(group)
        if died and all(result.outcome == "crashed" for result in died):
            yield _cause(scene, group, died)


def _cause(scene: Scene, group: Group, died: Sequence[TestResult]) -> Cause:
    where = group.signature.frame or died[0].nodeid
    who = died[0].nodeid if len(died) == 1 else counted(len(died), "test")
    reason = died[0].reason or "crashed"
    verb = "ends" if len(died) == 1 else "end"
    return cause_of(
        [group],
        id=f"{KIND}:{where}",
        kind=KIND,
        title=f"{who} {verb} the interpreter ({reason})",
        state="consistent",
        locations=scene.spots(group),
        evidence=[
            Evidence(f"The process that ran {result.nodeid}: {result.reason or 'crashed'}") for result in died[:3]
        ],
        next_step=NextStep(
            "Look for os._exit, sys.exit and compiled code in what it calls.", check_command([group]), "Run it alone"
        ),
    )


DETECTOR = Detector(rank=90, kind=KIND, find=_find)
