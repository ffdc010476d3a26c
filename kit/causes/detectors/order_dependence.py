"""Tests that pass alone and fail after others: something that an earlier test leaves behind.

https://docs.pytest.org/en/stable/explanation/flaky.html#system-state
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import PATH, cause_of
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.wording import counted

KIND: Final = "order-dependence"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for group in unexplained:
        shown = [result.nodeid for result in scene.results(group) if result.alone == "passes_alone"]
        if shown:
            yield _cause(scene, group, shown)


def _cause(scene: Scene, group: Group, shown: Sequence[str]) -> Cause:
    who = shown[0] if group.count == 1 else counted(group.count, "test")
    bisect = shlex.join(["kit", "run", PATH, "--bisect", shown[0]])
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=f"{who} {'passes' if group.count == 1 else 'pass'} alone and {'fails' if group.count == 1 else 'fail'} "
        "after other tests",
        state="consistent",
        locations=scene.spots(group),
        evidence=[
            Evidence(
                f"Run alone, {counted(len(shown), 'test')} passed; run once more in the order of the suite, with no "
                "other test at the same time, they failed again"
            )
        ],
        next_step=f"Find the test that leaves something behind: {bisect}",
    )


DETECTOR = Detector(rank=5, kind=KIND, find=_find)
