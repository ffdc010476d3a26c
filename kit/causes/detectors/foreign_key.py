"""A foreign key to a table or a column that nothing defines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import PATH, cause_of, finding_evidence, run_command
from kit.causes.detector import Detector
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import Finding, MappedClass
from kit.facts.places import Location

KIND: Final = "foreign-key"
_NO_TABLE = re.compile(
    r"^Foreign key associated with column '(?P<table>[^']+)\.(?P<column>\w+)' could not find table '(?P<missing>[^']+)'"
)
_NO_JOIN = re.compile(
    r"^Could not determine join condition between .* on relationship (?P<owner>\w+)\.\w+ - there are no foreign keys"
)
_NO_INHERITANCE = re.compile(
    r"^Can't determine the inherit condition between inherited table '(?P<inherited>[^']+)' and inheriting table "
    r"'(?P<inheriting>[^']+)'; tables have no foreign key"
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, str, str], list[Group]] = {}
    for group, found in saying(unexplained, _NO_TABLE):
        met.setdefault((found["table"], found["column"], found["missing"]), []).append(group)
    findings = {_column(finding): finding for finding in scene.findings(KIND)}
    # a key to nowhere joins nothing either: what the relationship says is the same defect
    for group, found in saying(unexplained, _NO_JOIN):
        owned = scene.mapped_by_name.get(found["owner"], ())
        keys = [(one.table, column.rpartition(".")[2]) for one in owned for column in findings if _of(column, one)]
        if keys and keys[0][0]:
            known = [key for key in met if key[:2] == keys[0]]
            met.setdefault(known[0] if known else (keys[0][0], keys[0][1], ""), []).append(group)
    for (table, column, missing), groups in met.items():
        yield _cause(scene, table, column, missing, groups, findings)
    for group, found in saying(unexplained, _NO_INHERITANCE):
        yield _not_inherited(scene, group, found["inheriting"], found["inherited"])


def _not_inherited(scene: Scene, group: Group, inheriting: str, inherited: str) -> Cause:
    """The class is the one whose statement the failure went through last."""
    frames = [frame for info in scene.chains(group) for frame in info.frames if frame.source.startswith("class ")]
    classes = [Location(frame.path, frame.line, "class") for frame in frames[-1:]]
    keys = [place for one in classes for place in scene.declarations.foreign_keys_of(one)]
    return cause_of(
        [group],
        id=f"{KIND}:{inheriting}",
        kind=KIND,
        title=f'No foreign key of {inheriting} leads to "{inherited}", which it inherits from',
        state="consistent",
        locations=(*keys, *classes, *scene.spots(group)),
        evidence=[Evidence("A foreign key of the class, which leads elsewhere", place) for place in keys],
        next_step=f'Give the primary key of {inheriting} a ForeignKey to that of "{inherited}". '
        f"Then check with: {run_command(group) if group.tests else f'kit scan {PATH}'}",
    )


def _column(finding: Finding) -> str:
    return finding.id.partition(":")[2]


def _of(column: str, mapped: MappedClass) -> bool:
    return column.rpartition(".")[0] == f"{mapped.module}.{mapped.qualname}"


def _cause(
    scene: Scene, table: str, column: str, missing: str, groups: list[Group], findings: dict[str, Finding]
) -> Cause:
    owners = scene.mapped_by_table.get(table.rpartition(".")[2], ())
    told = [finding for one in owners for key, finding in findings.items() if _of(key, one) and key.endswith(column)]
    places = [place for finding in told for place in finding.locations]
    places += [place for one in owners for place in scene.declarations.in_class(one.name, column)]
    places += [one.location for one in owners]
    written = scene.declarations.foreign_keys_to(missing)
    near = {place.path for place in places}
    places = [*(one for one in written if not near or one.path in near), *places]
    meant = nearest(missing, scene.mapped_by_table) if missing else None
    evidence = [item for finding in told for item in finding_evidence(finding)]
    if meant:
        evidence.insert(
            0, Evidence(f'There is a table of a like name: "{meant}"', scene.mapped_by_table[meant][-1].location)
        )
    check = run_command(groups[0]) if groups[0].tests else f"kit scan {PATH}"
    what = f'to the table "{missing}", which nothing defines' if missing else "that joins nothing"
    return cause_of(
        groups,
        id=f"{KIND}:{table}.{column}",
        kind=KIND,
        title=told[0].title if told and not missing else f"{table}.{column} has a foreign key {what}",
        state="consistent",
        locations=places or scene.spots(*groups),
        evidence=evidence,
        next_step="Correct the name in ForeignKey, or import the module that defines the table before the tables are "
        f"created. Then check with: {check}",
    )


DETECTOR = Detector(rank=23, kind=KIND, find=_find)
