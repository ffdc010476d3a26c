"""A function of the target that is called with arguments which it does not take, or without those that it needs.

https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location

KIND: Final = "wrong-call"
_REFUSED = re.compile(
    r"^(?P<function>[A-Za-z_][\w.]*(?:\.<locals>[\w.]*)*)\(\) "
    r"(?P<how>got (?:an unexpected keyword argument|multiple values for|some positional-only)|missing |takes )"
)
_KEYWORD = re.compile(r"got an unexpected keyword argument '(?P<name>\w+)'")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _REFUSED):
        if group.signature.exception == "TypeError":
            met.setdefault(found["function"], []).append(group)
    for function, groups in met.items():
        # the class is named for its own __init__, which dataclasses and pydantic write
        owner = function.removesuffix(".__init__").rpartition(".")[2]
        defined = scene.declarations.function(function) or scene.declarations.classes(owner)
        if defined:
            yield _cause(scene, function, defined, groups)


def _cause(scene: Scene, function: str, defined: Sequence[Location], groups: list[Group]) -> Cause:
    calling = [frame for frame in scene.frames(*groups) if frame.source]
    spots, passing_on = scene.spots(*groups), _passing_on(scene, groups, calling)
    return cause_of(
        groups,
        id=f"{KIND}:{function}",
        kind=KIND,
        title=f"{function}() is not called as it is defined: {groups[0].example.partition(chr(10))[0]}",
        state="consistent",
        locations=(*defined[:2], *spots[:1], *passing_on, *spots[1:]),
        evidence=[
            *(Evidence(f"Called by: {one.source}", Location(one.path, one.line)) for one in calling),
            *(Evidence("The function that calls it has a parameter of that name", one) for one in passing_on),
        ],
        next_step=then_check(
            "Give the definition and its calls the same arguments: look at which of the two changed",
            check_command(groups),
        ),
    )


def _passing_on(scene: Scene, groups: Sequence[Group], calling: Sequence[Frame]) -> tuple[Location, ...]:
    """The functions that hand a parameter of their own on by the name that is refused: both names may have changed."""
    names = {found["name"] for group in groups if (found := _KEYWORD.search(group.signature.message))}
    at = scene.declarations.reading.trees.function_at
    functions = [(one.path, at(Location(one.path, one.line))) for one in calling]
    return tuple(
        Location(path, function.lineno, "hands it on")
        for path, function in functions
        if function and names.intersection(scene.declarations.parameters(Location(path, function.lineno)))
    )


DETECTOR = Detector(rank=98, kind=KIND, find=_find)
