"""Tests that pass alone and fail after others: something that an earlier test leaves behind.

https://docs.pytest.org/en/stable/explanation/flaky.html#system-state
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import PATH, Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.shared_state import PollutedTest
from kit.facts.wording import counted

KIND: Final = "order-dependence"

#: how many victims are shown as evidence, at most
_MOST_SHOWN = 5


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    polluted = {one.victim: one for one in scene.suite.polluted if one.polluters}
    for group in unexplained:
        shown = [result.nodeid for result in scene.results(group) if result.alone == "passes_alone"]
        named = [polluted[nodeid] for nodeid in shown if nodeid in polluted]
        if named:
            yield _named(scene, group, named)
        elif shown:
            yield _cause(scene, group, shown)


def _named(scene: Scene, group: Group, polluted: Sequence[PollutedTest]) -> Cause:
    """The cause where the polluter is known, and with it perhaps the state."""
    first = polluted[0]
    others = counted(group.count, "test") if group.count > 1 else first.victim
    fails = "fails" if group.count == 1 else "fail"
    what = f"leaves {first.states[0]}" if first.states else "leaves something behind"
    polluters = dict.fromkeys(nodeid for one in polluted for nodeid in one.polluters)
    places = [Location(test.path, test.line or 1, "polluter") for test in map(scene.result, polluters) if test]
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=f"{first.polluters[0]} {what}, and {others} {fails} after it",
        state="consistent",
        locations=[*places, *scene.spots(group)],
        evidence=[Evidence(_shown(one)) for one in polluted[:_MOST_SHOWN]],
        next_step=then_check(
            f"Let {first.polluters[0]} put back what it changes (monkeypatch does), or make the victim set it", RUN
        ),
    )


def _shown(one: PollutedTest) -> str:
    """What showed that a test depends on others."""
    if not one.states:
        return f"After {enumerated(one.polluters)}, {one.victim} has another outcome than without: {one.instead}"
    return f"{one.sentence}. The code of this test uses {'it' if len(one.states) == 1 else 'them'}"


def _cause(scene: Scene, group: Group, shown: Sequence[str]) -> Cause:
    who = shown[0] if group.count == 1 else counted(group.count, "test")
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=f"{who} passed alone and failed twice after other tests: order, or chance",
        state="unknown",
        locations=scene.spots(group),
        evidence=[
            Evidence(
                f"Run alone, {counted(len(shown), 'test')} passed; run once more in the order of the suite, with no "
                "other test at the same time, failed again. No state is known that an earlier test leaves for it, and "
                "three runs cannot tell an earlier test from chance"
            )
        ],
        next_step=NextStep(
            "Find the test that leaves something behind, if one does.",
            ("kit", "run", PATH, "--bisect", shown[0]),
            "Run",
        ),
    )


DETECTOR = Detector(rank=5, kind=KIND, find=_find)
