"""Tests run outside of Flask's application or request context: which fixture leaves it before they run.

https://flask.palletsprojects.com/en/stable/appcontext/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.fixtures_seen import fixtures_asked
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "outside-context"
_OUTSIDE = re.compile(r"^Working outside of (?P<what>application|request) context")
_PUSH = {
    "application": "with app.app_context()",
    "request": "with app.test_request_context()",
}


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, tuple[Location, ...]], list[Group]] = {}
    for group, found in saying(unexplained, _OUTSIDE):
        met.setdefault((found["what"], _left(scene, group)), []).append(group)
    for (what, left), groups in met.items():
        yield _cause(scene, what, left, groups)


def _left(scene: Scene, group: Group) -> tuple[Location, ...]:
    """Where fixtures that the tests of a group ask for leave a context before these tests run."""
    return scene.slips.contexts.left(sorted(fixtures_asked(scene, scene.results(group))))


def _cause(scene: Scene, what: str, left: tuple[Location, ...], groups: list[Group]) -> Cause:
    spots = scene.spots(*groups)
    advice = f"Let a fixture yield within `{_PUSH[what]}:`, or do what needs it there"
    title = f"{spots[0]} needs Flask's {what} context, and none is pushed then"
    if left:
        title = f"The {what} context that {left[0]} pushes ends before the tests run"
        advice = f"Yield within the `with` at {left[0]}, so that the tests run in the context"
    return cause_of(
        groups,
        id=f"{KIND}:{what}:{(left or spots)[0]}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(*left, *spots),
        evidence=[Evidence("The fixture leaves the context before it hands over to the test", place) for place in left],
        next_step=then_check(advice, check_command(groups)),
    )


DETECTOR = Detector(rank=63, kind=KIND, find=_find)
