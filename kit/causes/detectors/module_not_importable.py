"""A module of the target that fails while it is imported, for a reason that no other detector knows.

https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, said, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.causes.scene.unknown_name import probably_meant
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.failures import Root, module_name

KIND: Final = "module-not-importable"
_SHOWN = 5
_QUOTED = re.compile(r"'(\w+)'")
_AFTER_DEFAULT = re.compile(r"non-default argument '\w+' follows default argument")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    findings = {_place(finding.locations[0]): finding for finding in scene.findings(KIND) if finding.locations}
    met: dict[str, list[tuple[Group, Frame]]] = {}
    for group in unexplained:
        if frame := _failing_import(scene, group):
            met.setdefault(frame.path, []).append((group, frame))
    for failed in met.values():
        places = dict.fromkeys(_place(Location(frame.path, frame.line)) for _, frame in failed)
        yield _met(scene, failed, [findings[place] for place in places if place in findings])
    told = _told(scene)
    for place, finding in findings.items():
        if place not in told and finding.severity != "smell":
            yield _waiting(finding)


def _place(location: Location) -> tuple[str, int]:
    return location.path, location.line


def _failing_import(scene: Scene, group: Group) -> Frame | None:
    """Where the target's own code broke off while a module of it was imported. A file that cannot be parsed has no
    frame of its own: the one that imports it is not what is broken.
    """
    roots = scene.roots(group)
    own = roots[0].own if roots else None
    if own is None or group.category == "syntax":
        return None
    return own if own.function == "<module>" or _is_in_class_body(scene, roots[0], own) else None


def _is_in_class_body(scene: Scene, root: Root, own: Frame) -> bool:
    """Whether a frame is the body of a class that the module makes while it is imported."""
    frames = [frame for frame in root.frames if frame.owner != "library"]
    before = frames[frames.index(own) - 1] if own in frames[1:] else None
    if before is None or (before.path, before.function) != (own.path, "<module>"):
        return False
    classes = scene.declarations.classes(own.function)
    return any(one.path == own.path and before.line <= one.line <= own.line for one in classes)


def _told(scene: Scene) -> set[tuple[str, int]]:
    """The places that a test has met, and those that other findings tell: their causes are named already."""
    met = {(path, line) for path, frames in scene.frames_by_path.items() for _, line in frames}
    others = (finding for finding in scene.inventory.findings if finding.kind != KIND)
    refusal = scene.suite.start_refusal
    if refusal and refusal.path and refusal.line:
        met.add((refusal.path, refusal.line))
    return met | {_place(location) for finding in others for location in finding.locations}


def _met(scene: Scene, failed: Sequence[tuple[Group, Frame]], findings: Sequence[Finding]) -> Cause:
    groups = [group for group, _ in failed]
    frame = failed[0][1]
    check = check_command(groups)
    evidence = [Evidence(f"It fails in: {one.source}", Location(one.path, one.line)) for _, one in failed if one.source]
    evidence += [item for finding in findings for item in finding_evidence(finding)]
    return cause_of(
        groups,
        id=f"{KIND}:{module_name(frame)}",
        kind=KIND,
        title=f"{module_name(frame)} cannot be imported: {said(groups[0], groups[0].example.partition(chr(10))[0])}",
        state="consistent",
        locations=[
            *(place for group, one in failed for place in _lines(scene, group, one)),
            *(place for group in groups for place in probably_meant(scene, group)),
            *scene.spots(*groups),
        ],
        evidence=(*evidence, *_importers(scene, groups, frame)),
        next_step=then_check("Fix that line; whatever imports the module fails until then", check),
    )


def _lines(scene: Scene, group: Group, frame: Frame) -> Iterator[Location]:
    """Where it was raised; in front of that, for a class or a longer statement, the line of it that holds a word which
    the message quotes.
    """
    raised = Location(frame.path, frame.line, "raised")
    quoted = _QUOTED.findall(group.example.partition("\n")[0])
    said_there = scene.declarations.reading.quoted_within(raised, quoted)
    yield from said_there
    if _AFTER_DEFAULT.search(group.example):  # which of the two fields is wrong, only their order tells
        yield from scene.class_fields.default_before(raised, quoted)
    yield raised


def _importers(scene: Scene, groups: Sequence[Group], failing: Frame) -> Iterator[Evidence]:
    """The modules of the target that cannot be imported either, since they import the failing one."""
    roots = [root for root in scene.roots(*groups) if root.own and root.own.path == failing.path]
    frames = [frame for root in roots for frame in root.frames]
    imports = [frame for frame in frames if frame.function == "<module>" and frame.owner == "own"]
    blocked = [frame for frame in dict.fromkeys(imports) if frame.path != failing.path]
    for frame in blocked[:_SHOWN]:
        yield Evidence(f"{module_name(frame)} waits for it", Location(frame.path, frame.line))
    if len(blocked) > _SHOWN:
        yield Evidence(f"{counted(len(blocked) - _SHOWN, 'more import')} of it wait")


def _waiting(finding: Finding) -> Cause:
    return cause_of(
        (),
        id=finding.id,
        kind=KIND,
        title=shortened(finding.title),
        state="consistent",
        locations=finding.locations,
        evidence=finding_evidence(finding),
        next_step=then_check("Fix that line before a test imports the module", check_command(())),
    )


DETECTOR = Detector(rank=110, kind=KIND, find=_find)
