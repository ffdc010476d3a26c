"""A name that tests patch and that is not there (any more).

https://docs.python.org/3/library/unittest.mock.html#where-to-patch
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location

KIND: Final = "mock-target"
_SHOWN = 3
_MISSING = re.compile(
    r"^(?:<(?:module|class) '(?P<patched>[\w.]+)'.*>|module '(?P<module>[\w.]+)'|type object '(?P<type>\w+)')"
    r"(?: does not have the| has no) attribute '(?P<name>\w+)'|^No module named '(?P<path>[\w.]+)\.(?P<submodule>\w+)'",
    re.DOTALL,
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_target: dict[tuple[str, str], list[Group]] = {}
    for group in in_category(unexplained, KIND):
        if found := _MISSING.search(group.example):
            owner = found["patched"] or found["module"] or found["type"] or found["path"]
            by_target.setdefault((owner, found["name"] or found["submodule"]), []).append(group)
    for (owner, name), groups in by_target.items():
        yield _cause(scene, owner, name, groups)


def _cause(scene: Scene, owner: str, name: str, groups: list[Group]) -> Cause:
    known = _known(scene, owner)
    meant = nearest(name, known)
    elsewhere = {} if meant else scene.declarations.modules_defining(name)
    moved = dict([*elsewhere.items()][:_SHOWN])
    patched = [root.test for root in scene.roots(*groups) if root.test]
    evidence = [Evidence(f'{owner} has a "{meant}"', known[meant])] if meant else []
    evidence += [Evidence(f'{module} defines "{name}"', place) for module, place in moved.items()]
    evidence += [Evidence(f"Patched by: {frame.source}", Location(frame.path, frame.line)) for frame in patched]
    others = [place for place in _patching(scene, f"{owner}.{name}") if (place.path, place.line) not in _at(patched)]
    evidence += [Evidence("Patched here too, by a test that may come to it later", place) for place in others]
    now = [place for place in (known[meant],) if place] if meant else list(moved.values())
    return cause_of(
        groups,
        id=f"{KIND}:{owner}.{name}",
        kind=KIND,
        title=f'Tests patch "{name}", which {owner} does not have',
        state="consistent",
        locations=[*now, *(Location(frame.path, frame.line, "patched") for frame in patched)] or scene.spots(*groups),
        evidence=dict.fromkeys(evidence),
        next_step=then_check(_advice(meant, list(moved)), check_command(groups)),
    )


def _advice(meant: str | None, moved: list[str]) -> str:
    if meant:
        return f'Patch "{meant}", if that is its name now'
    if moved:
        return f"Patch it where it is looked up; it is defined in {enumerated(moved)} now"
    return "Find where the name went and patch it there"


def _at(frames: Sequence[Frame]) -> set[tuple[str, int]]:
    return {(frame.path, frame.line) for frame in frames}


def _patching(scene: Scene, target: str) -> list[Location]:
    """All places that patch a target, as source tells."""
    return [Location(one.path, one.line) for one in scene.inventory.patch_targets if one.target == target]


def _known(scene: Scene, owner: str) -> dict[str, Location | None]:
    """Names that the facts show in a module or class: what its source binds; its submodules, mapped classes, what is
    imported from it, and the functions that any traceback goes through.
    """
    loaded = scene.suite.loaded_modules
    names: dict[str, Location | None] = {
        module.rpartition(".")[2]: Location(path, 1)
        for module, path in loaded.items()
        if module.rpartition(".")[0] == owner
    }
    names |= {one.name: one.location for one in scene.inventory.mapped_classes if one.module == owner}
    names |= {one.name: None for one in scene.inventory.importers if one.module == owner and one.name}
    for frame in _frames_in(scene, owner):
        if frame.function.isidentifier():
            names.setdefault(frame.function, Location(frame.path, frame.line))
    return names | scene.declarations.defined_in(owner)


def _frames_in(scene: Scene, owner: str) -> Iterator[Frame]:
    """The frames of all tracebacks that are in a module: by the file that it was loaded from, or by its name."""
    named = owner.replace(".", "/")
    paths = {scene.suite.loaded_modules.get(owner, ""), f"{named}.py", f"{named}/__init__.py"}
    for path in sorted(paths & scene.frames_by_path.keys()):
        yield from scene.frames_by_path[path].values()


DETECTOR = Detector(rank=94, kind=KIND, find=_find)
