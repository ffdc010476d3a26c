"""A return annotation that FastAPI refuses, so that whatever imports the route fails.

https://fastapi.tiangolo.com/tutorial/response-model/#disable-response-model
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, is_scanned, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import Finding
from kit.facts.places import Location

KIND: Final = "response-annotation"
_REFUSED = re.compile(
    r"^Invalid args for response field! Hint: check that (?P<annotation>.+?) is a valid Pydantic field"
)
_FIX = "Give the route response_model=None, or name the model in response_model and return only that model"


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    waiting = list(scene.findings(KIND))
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _REFUSED):
        met.setdefault(found["annotation"], []).append(group)
    failed = [(groups, _take(waiting, scene.spots(*groups)), annotation) for annotation, groups in met.items()]
    for number, (groups, finding, annotation) in enumerate(failed):
        # routes of the same kind that have not failed yet are listed with the first that has
        yield _refused(scene, groups, finding, annotation, waiting if number == 0 else ())
    if not failed and waiting:
        yield _refused(scene, (), waiting[0], "", waiting[1:])


def _take(findings: list[Finding], spots: Sequence[Location]) -> Finding | None:
    """The finding that is nearest to where the error was raised, taken out of the list."""
    near = [
        (abs(place.line - spot.line), finding.id)
        for finding in findings
        for place in finding.locations
        for spot in spots[:1]
        if place.path == spot.path
    ]
    if not near:
        return None
    chosen = min(near)[1]
    return findings.pop(next(index for index, finding in enumerate(findings) if finding.id == chosen))


def _refused(
    scene: Scene, groups: Sequence[Group], finding: Finding | None, annotation: str, others: Sequence[Finding]
) -> Cause:
    places = finding.locations if finding else scene.spots(*groups)
    evidence = [*(finding_evidence(finding) if finding else ())]
    evidence += [Evidence(f"Same pattern: {other.title}", _first(other), f"#finding-{other.id}") for other in others]
    return cause_of(
        groups,
        id=finding.id if finding else f"{KIND}:{places[0] if places else annotation}",
        kind=KIND,
        title=finding.title if finding else f"FastAPI refuses the return annotation {annotation}",
        state="consistent",
        locations=(
            *places,
            *(Location(place.path, place.line, "same pattern") for place in map(_first, others) if place),
        ),
        evidence=evidence,
        next_step=then_check(_FIX, check_command(groups, scanned=is_scanned(finding))),
    )


def _first(finding: Finding) -> Location | None:
    return finding.locations[0] if finding.locations else None


DETECTOR = Detector(rank=30, kind=KIND, find=_find)
