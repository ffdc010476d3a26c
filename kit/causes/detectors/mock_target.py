"""A name that tests patch and that is not there (any more)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kit.causes.building import cause_of, run_command
from kit.causes.detector import Detector
from kit.causes.nearest import nearest
from kit.causes.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.failures import module_name

KIND = "mock-target"
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
    patched = [root.test for root in scene.roots(*groups) if root.test]
    evidence = [Evidence(f"Patched by: {frame.source}", Location(frame.path, frame.line)) for frame in patched]
    if meant:
        evidence.insert(0, Evidence(f'{owner} has a "{meant}"', known[meant]))
    advice = f'Patch "{meant}", if that is its name now' if meant else "Find where the name went and patch it there"
    return cause_of(
        groups,
        id=f"{KIND}:{owner}.{name}",
        kind=KIND,
        title=f'Tests patch "{name}", which {owner} does not have',
        state="consistent",
        locations=[Location(frame.path, frame.line, "patched") for frame in patched] or scene.spots(*groups),
        evidence=dict.fromkeys(evidence),
        next_step=f"{advice}. Then check with: {run_command(groups[0])}",
    )


def _known(scene: Scene, owner: str) -> dict[str, Location | None]:
    """Names that the facts show in a module: its submodules, mapped classes, what is imported from it, and the
    functions that any traceback goes through.
    """
    loaded = scene.suite.loaded_modules
    names: dict[str, Location | None] = {
        module.rpartition(".")[2]: Location(path, 1)
        for module, path in loaded.items()
        if module.rpartition(".")[0] == owner
    }
    names |= {one.name: one.location for one in scene.inventory.mapped_classes if one.module == owner}
    names |= {one.name: None for one in scene.inventory.importers if one.module == owner and one.name}
    for info in scene.every_exception:
        for frame in info.frames:
            here = loaded.get(owner) == frame.path or module_name(frame) == owner
            if here and frame.function.isidentifier():
                names.setdefault(frame.function, Location(frame.path, frame.line))
    return names


DETECTOR = Detector(rank=94, kind=KIND, find=_find)
