"""One file under two module names, so that its classes exist twice: which line makes the second name possible.

https://docs.pytest.org/en/stable/explanation/pythonpath.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from kit.causes.building import RUN, cause_of, check_command, finding_evidence, is_scanned, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.causes.scene.twins import meets_its_twin
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import Finding, MappedClass
from kit.facts.places import Location

KIND: Final = "double-import"
_TWICE = re.compile(
    r"^Table '(?:\w+\.)?(?P<table>[^']+)' is already defined for this MetaData instance"
    r'|^Multiple classes found for path "(?:[^"]*\.)?(?P<name>\w+)"'
)
_SHOWN = 3
#: what puts the second folder on the import path comes before what imports from there
_MAKING = ("sys.path", "configuration", "conftest")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    left = list(unexplained)
    for finding in scene.findings(KIND):
        groups = [group for group in left if _shows(scene, group, finding)]
        left = [group for group in left if group not in groups]
        if groups or finding.severity != "smell":
            yield _cause(finding, groups)
    unseen: dict[str, list[Group]] = {}
    for group in left:
        if again := _executed_again(scene, group):
            unseen.setdefault(again.path, []).append(group)
    for path, groups in unseen.items():
        yield _inferred(scene, path, groups)


def _shows(scene: Scene, group: Group, finding: Finding) -> bool:
    """Whether the group refuses a table or a class of one of the files, and no class of another file explains that; or
    meets one copy of such a file where it means the other.
    """
    called = _refused(scene, group)
    files = finding.details.get("files")
    if not isinstance(files, list):
        return False
    return {one.path for one in called} <= set(files) if called else meets_its_twin(scene, group, files)


def _refused(scene: Scene, group: Group) -> list[MappedClass]:
    """The mapped classes that a message says are there twice."""
    found = _TWICE.search(group.signature.message)
    if found is None:
        return []
    return [
        *(scene.mapped_by_table if found["table"] else scene.mapped_by_name).get(found["table"] or found["name"], ())
    ]


def _executed_again(scene: Scene, group: Group) -> MappedClass | None:
    """The one class that source has for a table which is said to be there already: its own file was executed again."""
    called = _refused(scene, group)
    if len(called) != 1 or called[0].path not in _loaded(scene):
        return None
    frames = scene.frames(group)
    return called[0] if frames and frames[0].path == called[0].path else None


def _loaded(scene: Scene) -> Collection[str]:
    return scene.suite.loaded_modules.values()


def _cause(finding: Finding, groups: Sequence[Group]) -> Cause:
    return cause_of(
        groups,
        id=finding.id,
        kind=KIND,
        title=finding.title,
        state="consistent",
        locations=sorted(finding.locations, key=_order),
        evidence=finding_evidence(finding),
        next_step=then_check(
            "Import it under one name everywhere, and take the folder that allows the other one off the import path",
            check_command(groups, scanned=is_scanned(finding)),
        ),
    )


def _inferred(scene: Scene, path: str, groups: Sequence[Group]) -> Cause:
    """What the tests show where source has no second name for the file: something puts a folder on the path."""
    known = " and ".join(name for name, where in scene.suite.loaded_modules.items() if where == path)
    importing = [
        Location(frame.path, frame.line, "import")
        for root in scene.roots(*groups)
        for frame, inner in pairwise(frame for frame in root.frames if frame.owner != "library")
        if inner.path == path != frame.path
    ]
    edits = scene.declarations.path_edits
    return cause_of(
        groups,
        id=f"{KIND}:{path}",
        kind=KIND,
        title=f"{path} is imported under a second name, beside {known}",
        state="consistent",
        locations=(*edits[:_SHOWN], *importing, *scene.spots(*groups)),
        evidence=[
            Evidence("Source has one class for that table: the file was executed a second time"),
            *(Evidence("The import path is changed here", place) for place in edits[:_SHOWN]),
            *(Evidence("It is imported again here", place) for place in dict.fromkeys(importing)),
        ],
        next_step=then_check(
            f"Import it as {known} everywhere, and take the folder that allows the other name off the import path", RUN
        ),
    )


def _order(place: Location) -> int:
    return _MAKING.index(place.role) if place.role in _MAKING else len(_MAKING)


DETECTOR = Detector(rank=19, kind=KIND, find=_find)
