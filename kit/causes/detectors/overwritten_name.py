"""A name of a module that other code has given another value: what uses it fails, often in other tests than the one
that did it.

https://docs.pytest.org/en/stable/how-to/monkeypatch.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "overwritten-name"
_REFUSED = re.compile(
    r"(?P<called>' object is not callable$)|^'NoneType' object (?:(?P<taken>is not subscriptable)"
    r"|has no attribute '(?P<attribute>\w+)')"
)
#: a name, or what a call of it gives
_NAMED = r"(?<![\w.])(?P<name>[A-Za-z_]\w*)"
_GIVEN = rf"{_NAMED}(?:\([^()]*\))?"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    places: dict[str, tuple[Location, ...]] = {}
    for group, refused in saying(unexplained, _REFUSED):
        for name, overwriting in _overwritten(scene, group, _used(refused)):
            met.setdefault(name, []).append(group)
            places[name] = overwriting
            break
    for name, groups in met.items():
        yield _cause(scene, name, places[name], groups)


def _used(refused: re.Match[str]) -> re.Pattern[str]:
    """How the line that raised writes what it was refused."""
    if refused["called"]:
        return re.compile(rf"{_NAMED}\(")
    return re.compile(rf"{_GIVEN}\[" if refused["taken"] else rf"{_GIVEN}\.{refused['attribute']}\b")


def _overwritten(scene: Scene, group: Group, used: re.Pattern[str]) -> Iterator[tuple[str, tuple[Location, ...]]]:
    """The names that the line which raised uses so, and that other files overwrite in its module."""
    for frame in scene.frames(group)[:1]:
        for name in dict.fromkeys(found["name"] for found in used.finditer(frame.source)):
            if frame.owner == "own" and (places := scene.declarations.overwriting(frame.path, name)):
                yield f"{frame.path}:{name}", places


def _cause(scene: Scene, identity: str, places: tuple[Location, ...], groups: list[Group]) -> Cause:
    path, _, name = identity.rpartition(":")
    alone = [result for result in scene.results(*groups) if result.alone == "passes_alone"]
    evidence = [Evidence(f'"{name}" is given another value here, and tests that come later meet it', places[0])]
    if alone:
        evidence.append(Evidence(f"Run alone, {counted(len(alone), 'test')} passed"))
    return cause_of(
        groups,
        id=f"{KIND}:{identity}",
        kind=KIND,
        title=f'"{name}" of {path} is not what its module defines',
        state="consistent",
        locations=(*places, *scene.spots(*groups)),
        evidence=evidence,
        next_step=then_check("Let the test take back what it sets, as monkeypatch.setattr does", check_command(groups)),
    )


DETECTOR = Detector(rank=4, kind=KIND, find=_find)
