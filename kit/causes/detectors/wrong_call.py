"""A function of the target that is called with arguments which it does not take, or without those that it needs.

https://docs.python.org/3/reference/expressions.html#calls
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.attribute_like import attribute_like
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location

KIND: Final = "wrong-call"
_REFUSED = re.compile(
    r"^(?P<function>[A-Za-z_][\w.]*(?:\.<locals>[\w.]*)*)\(\) "
    r"(?P<how>got (?:an unexpected keyword argument|multiple values for|some positional-only)|missing |takes )"
)
_INIT = "__init__"
_KEYWORD = re.compile(r"got an unexpected keyword argument '(?P<name>\w+)'")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _REFUSED):
        if group.signature.exception == "TypeError":
            function = _of_its_class(scene, group) if found["function"] == _INIT else found["function"]
            met.setdefault(function, []).append(group)
    for function, groups in met.items():
        if defined := _defined(scene, function, groups):
            yield _cause(scene, function, defined, groups)


def _keyword(group: Group) -> str:
    """The keyword that was refused; empty where something else was."""
    found = _KEYWORD.search(group.signature.message)
    return found["name"] if found else ""


def _of_its_class(scene: Scene, group: Group) -> str:
    """A generated ``__init__`` does not name its class: the call with the keyword that it refuses does."""
    keyword = _keyword(group)
    places = [Location(frame.path, frame.line) for frame in scene.frames(group)] if keyword else []
    called = (name for place in places for name in scene.class_fields.made_at(place, keyword))
    owner = next((name for name in called if scene.declarations.classes(name)), None)
    return f"{owner}.{_INIT}" if owner else ""


def _defined(scene: Scene, function: str, groups: Sequence[Group]) -> tuple[Location, ...]:
    """Where a function is defined. A generated ``__init__`` leads to the field of a like name, else to the class."""
    written = scene.declarations.function(function) if function else ()
    if written or not function:
        return written
    owner = function.removesuffix(f".{_INIT}").rpartition(".")[2]
    keyword = next(filter(None, map(_keyword, groups)), "")
    like = attribute_like(scene, groups, owner, keyword) if keyword else None
    return tuple(replace(place, role="field") for place in like[1]) if like else scene.declarations.classes(owner)


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
    names = set(filter(None, map(_keyword, groups)))
    at = scene.declarations.reading.trees.function_at
    functions = [(one.path, at(Location(one.path, one.line))) for one in calling]
    return tuple(
        Location(path, function.lineno, "hands it on")
        for path, function in functions
        if function and names.intersection(scene.declarations.parameters(Location(path, function.lineno)))
    )


DETECTOR = Detector(rank=98, kind=KIND, find=_find)
