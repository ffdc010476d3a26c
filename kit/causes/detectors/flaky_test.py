"""Tests that fail now and then. No defect is named: only that running them again says something else.

https://docs.pytest.org/en/stable/explanation/flaky.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.wording import counted

KIND: Final = "flaky-test"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    for group in in_category(unexplained, "flaky"):
        yield _cause(scene, group)


def _cause(scene: Scene, group: Group) -> Cause:
    who = group.sample_tests[0] if group.count == 1 else counted(group.count, "test")
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=f"{who} {'fails' if group.count == 1 else 'fail'} now and then",
        state="unknown",
        locations=scene.spots(group),
        evidence=[Evidence("Run again under the same conditions, it did not fail the same way")],
        next_step=NextStep(
            "Look for what differs between two runs: time, the order of a set, random values, threads.",
            check_command([group]),
            "Run it again",
        ),
    )


DETECTOR = Detector(rank=6, kind=KIND, find=_find)
