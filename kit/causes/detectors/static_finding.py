"""What the inventory has found and no other detector is about: tests that break off at the place of a finding, or say
what it says.

https://docs.sqlalchemy.org/en/20/errors.html
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kit.causes.building import cause_of, check_command, finding_evidence, is_scanned, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause
from kit.facts.failures import Frame, Group
from kit.facts.inventory import Finding
from kit.facts.places import Location

#: by kind: what the message of a failure says, of the names in the finding, and what is to be done
_Says = Callable[[Finding, str], bool]


def _never(_finding: Finding, _message: str) -> bool:
    return False


def _mentions(detail: str, *words: str) -> _Says:
    """The message has one of these phrases, and the last part of that detail."""

    def says(finding: Finding, message: str) -> bool:
        name = str(finding.details.get(detail) or "").rpartition(".")[2]
        return any(word in message for word in words) and bool(name) and f"'{name}'" in message

    return says


def _same_error(finding: Finding, message: str) -> bool:
    """The root error of a mapper, as the running target gave it."""
    said = str(finding.details.get("message") or "").strip()
    return bool(said) and said in message


def _exists_already(finding: Finding, message: str) -> bool:
    """``relation "uq_email" already exists``, ``constraint "uq_email" for relation "users" already exists``."""
    return "already exists" in message and f'"{finding.details.get("constraint")}"' in message


def _breaks_off(finding: Finding, message: str) -> bool:
    """``invalid syntax (prices.py, line 3)``: of the path it has the last part only."""
    place = finding.locations[0]
    return f"({place.path.rpartition('/')[2]}, line {place.line})" in message


#: these another detector tells while no test has run, where it can read them
_READ_ELSEWHERE = frozenset({"mapper-configuration"})

KINDS: dict[str, tuple[_Says, str]] = {
    "unparsable-file": (_breaks_off, "Correct what the parser refuses there"),
    "mapper-configuration": (_same_error, "Fix what keeps that mapper from being configured"),
    "unresolved-import": (_never, "Correct the name, or restore what was imported"),
    "no-primary-key": (_mentions("table", "could not assemble any primary key"), "Give the class a primary key"),
    "reserved-attribute": (_mentions("attribute", "is reserved"), "Give the attribute another name"),
    "no-table-name": (_never, "Give the class a __tablename__, or mark it as abstract"),
    "foreign-key": (_never, "Correct the table in the foreign key, or import the module that defines it"),
    "column-without-type": (_mentions("column", "NullType"), "Give the column a type"),
    "duplicate-constraint": (_exists_already, "Take one of the constraints out, or give it a name of its own"),
    "comma": (_never, "Take the comma away, or put the one that is lacking"),
    "relationship-target-unknown": (_never, "Correct the name of the class"),
    "relationship-target-not-imported": (_never, "Import the module of that class before mappers are used"),
    "back-populates": (_never, "Let the two sides name each other"),
    "join-condition": (_never, "Add the foreign key that joins the two tables, or name it in foreign_keys="),
}


@dataclass(frozen=True)
class _Shown:
    """What groups show, by their ids: all their messages, and the line of the target that each broke off at."""

    groups: Sequence[Group]
    messages: Mapping[str, Collection[str]]
    at: Mapping[tuple[str, int], Sequence[Group]]

    @classmethod
    def of(cls, scene: Scene, groups: Sequence[Group]) -> _Shown:
        at: dict[tuple[str, int], list[Group]] = {}
        for group in groups:
            if frame := _broke_off_at(scene, group):
                at.setdefault((frame.path, frame.line), []).append(group)
        told = {one.id: {one.example, *(info.message for info in scene.chains(one))} for one in groups}
        return cls(groups, told, at)

    def showing(self, finding: Finding) -> list[Group]:
        """The groups that broke off at a place of the finding, or say what it says."""
        here = [group for place in finding.locations for group in self.at.get((place.path, place.line), ())]
        says, _ = KINDS[finding.kind]
        if says is not _never:
            here += [one for one in self.groups if any(says(finding, text) for text in self.messages[one.id])]
        return list({group.id: group for group in here}.values())


def _broke_off_at(scene: Scene, group: Group) -> Frame | None:
    """The deepest line of the target. Below it only libraries may stand: code of the target that fails there fails for
    a reason of its own.
    """
    frames = (frame for root in scene.roots(group) for frame in reversed(root.frames) if frame.owner != "library")
    return next(frames, None)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    shown, taken = _Shown.of(scene, unexplained), set[str]()
    for finding in scene.inventory.findings:
        if finding.kind in KINDS and finding.locations:
            groups = [group for group in shown.showing(finding) if group.id not in taken]
            taken.update(group.id for group in groups)
            # where tests ran and none shows it, it blocks none: it stays a finding
            waits = finding.severity == "blocks_now" and finding.kind not in _READ_ELSEWHERE
            if groups or (waits and not scene.suite.results):
                yield _cause(finding, groups)


def _cause(finding: Finding, groups: Sequence[Group]) -> Cause:
    check = check_command(groups, scanned=is_scanned(finding))
    return cause_of(
        groups,
        id=finding.id,
        kind=finding.kind,
        title=shortened(finding.title),
        state="consistent",
        locations=(*finding.locations, *_near(finding)),
        evidence=finding_evidence(finding),
        next_step=then_check(KINDS[finding.kind][1], check),
    )


def _near(finding: Finding) -> Iterator[Location]:
    """The definitions that have a like name."""
    near = finding.details.get("near")
    for place in near if isinstance(near, list) else ():
        path, _, line = str(place).rpartition(":")
        yield Location(path, int(line), "near")


DETECTOR = Detector(rank=100, kind="static-finding", find=_find)
