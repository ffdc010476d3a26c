"""A name of a module that other code has given another value: what uses it fails, often in other tests than the one
that did it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import cause_of, counted, run_command
from kit.causes.detector import Detector
from kit.causes.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND = "overwritten-name"
_NOT_WHAT_IT_WAS = re.compile(r"' object is not callable|^'NoneType' object ")
_USED = re.compile(r"(?<![\w.])([A-Za-z_]\w*)(?=[(.\[])")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    places: dict[str, tuple[Location, ...]] = {}
    for group, _ in saying(unexplained, _NOT_WHAT_IT_WAS):
        for name, overwriting in _overwritten(scene, group):
            met.setdefault(name, []).append(group)
            places[name] = overwriting
            break
    for name, groups in met.items():
        yield _cause(scene, name, places[name], groups)


def _overwritten(scene: Scene, group: Group) -> Iterator[tuple[str, tuple[Location, ...]]]:
    """The names that the line which raised uses, and that other files overwrite in its module."""
    for frame in scene.frames(group)[:1]:
        for name in dict.fromkeys(_USED.findall(frame.source)):
            if frame.owner == "own" and (found := scene.declarations.overwriting(frame.path, name)):
                yield f"{frame.path}:{name}", found


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
        next_step="Let the test take back what it sets, as monkeypatch.setattr does. "
        f"Then check with: {run_command(groups[0])}",
    )


DETECTOR = Detector(rank=4, kind=KIND, find=_find)
