"""A foreign key to a table that is not there: not imported, in another MetaData or schema, or not defined at all.

https://docs.sqlalchemy.org/en/20/core/constraints.html#defining-foreign-keys
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, finding_evidence, is_scanned, then_check
from kit.causes.detector import Detector
from kit.causes.scene.absence import Absence, missing_table
from kit.causes.scene.near_first import near_first
from kit.causes.scene.nearest import nearest
from kit.causes.scene.nowhere import is_joined_by, keys_to_nowhere
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.inventory import Finding, MappedClass
from kit.facts.places import Location

KIND: Final = "foreign-key"
_NO_TABLE = re.compile(
    r"^Foreign key associated with column '(?P<table>[^']+)\.(?P<column>\w+)' could not find table '(?P<missing>[^']+)'"
)
_NO_COLUMN = re.compile(
    r"^Could not initialize target column for ForeignKey '(?P<key>[^']+)' on table '(?P<table>[^']+)': "
)
_NO_INHERITANCE = re.compile(
    r"^Can't determine the inherit condition between inherited table '(?P<inherited>[^']+)' and inheriting table "
    r"'(?P<inheriting>[^']+)'; tables have no foreign key"
)

#: table and column of a foreign key, and the table that it names (empty where a message does not say)
_Key = tuple[str, str, str]


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[_Key, list[Group]] = {}
    for group, found in saying(unexplained, _NO_TABLE):
        met.setdefault((found["table"], found["column"], found["missing"]), []).append(group)
    findings = {_column(finding): finding for finding in scene.findings(KIND)}
    # a key to nowhere joins nothing either: what the relationship says is the same defect
    for group in unexplained:
        if keys := keys_to_nowhere(scene, group.signature.message):
            known = [key for key in met if key[:2] == keys[0]]
            met.setdefault(known[0] if known else (keys[0][0], keys[0][1], ""), []).append(group)
        elif named := next((key for key in met if is_joined_by(scene, group, key[0], key[2])), None):
            met[named].append(group)
    yield from _causes(scene, met, findings)
    for group, found in saying(unexplained, _NO_COLUMN):
        yield _no_column(scene, group, found["table"], found["key"])
    for group, found in saying(unexplained, _NO_INHERITANCE):
        yield _not_inherited(scene, group, found["inheriting"], found["inherited"])


def _causes(scene: Scene, met: dict[_Key, list[Group]], findings: dict[str, Finding]) -> Iterator[Cause]:
    """One cause for each table that nothing defines, and one for all keys into a file that is not imported or into a
    MetaData that is another one: which of them is met first is chance.
    """
    joined: dict[object, tuple[_Key, Absence, list[Group]]] = {}
    for key, groups in sorted(met.items(), key=lambda item: item[0]):
        absence = missing_table(scene, groups, key[2], key[0]) if key[2] else Absence("absent")
        defect = (absence.truth, absence.places[0].path) if absence.places else key
        joined.setdefault(defect, (key, absence, []))[2].extend(groups)
    for key, absence, groups in joined.values():
        yield _cause(scene, key, absence, groups, findings)


def _no_column(scene: Scene, group: Group, table: str, key: str) -> Cause:
    target, _, column = key.rpartition(".")
    owners = scene.mapped_by_table.get(target.rpartition(".")[2], ())
    meant = nearest(column, {name for one in owners for name in one.columns})
    paths = {one.path for one in scene.mapped_by_table.get(table.rpartition(".")[2], ())}
    written = [one for one in scene.declarations.foreign_keys_to(target) if not paths or one.path in paths]
    exact = [one for one in written if key in scene.declarations.line(one)]
    hint = f' (did you mean "{target}.{meant}"?)' if meant else ""
    return cause_of(
        [group],
        id=f"{KIND}:{table}>{key}",
        kind=KIND,
        title=f'{table} has a foreign key to "{key}", a column that the table does not have',
        state="consistent",
        locations=[*(exact or written), *(one.location for one in owners), *scene.spots(group)],
        evidence=[Evidence(f'"{target}" is mapped here', one.location) for one in owners],
        next_step=then_check(f"Correct the column in ForeignKey{hint}", check_command([group])),
    )


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
        next_step=then_check(
            f'Give the primary key of {inheriting} a ForeignKey to that of "{inherited}"', check_command([group])
        ),
    )


def _column(finding: Finding) -> str:
    return finding.id.partition(":")[2]


def _of(column: str, mapped: MappedClass) -> bool:
    return column.rpartition(".")[0] == mapped.dotted


def _cause(scene: Scene, key: _Key, absence: Absence, groups: list[Group], findings: dict[str, Finding]) -> Cause:
    table, column, missing = key
    owners = scene.mapped_by_table.get(table.rpartition(".")[2], ())
    told = [finding for one in owners for key, finding in findings.items() if _of(key, one) and key.endswith(column)]
    evidence = [item for finding in told for item in finding_evidence(finding)]
    what = f'to the table "{missing}", which nothing defines' if missing else "that joins nothing"
    title = told[0].title if told and not missing else f"{table}.{column} has a foreign key {what}"
    advice = "Correct the name in ForeignKey, or import the module that defines the table before the tables are created"
    if absence.truth != "absent":
        title = f'{table}.{column} has a foreign key to the table "{missing}", {_truth(absence)}'
        advice = _advice(absence, missing)
        evidence = [*(Evidence(f'"{missing}" is defined here', place) for place in absence.places), *evidence]
    elif absence.meant:
        alike = near_first(scene, groups, (one.location for one in reversed(scene.mapped_by_table[absence.meant])))
        evidence.insert(0, Evidence(f'There is a table of a like name: "{absence.meant}"', alike[0]))
        advice = f'Correct the name in ForeignKey (did you mean "{absence.meant}"?), or define the table'
    check = check_command(groups, scanned=any(map(is_scanned, told)))
    return cause_of(
        groups,
        id=f"{KIND}:{table}.{column}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=_places(scene, table, column, missing, told, absence) or scene.spots(*groups),
        evidence=evidence,
        next_step=then_check(advice, check),
    )


def _places(
    scene: Scene, table: str, column: str, missing: str, told: Sequence[Finding], absence: Absence
) -> list[Location]:
    """The foreign key, the class or table that has it, and where the missing table is defined after all."""
    owners = scene.mapped_by_table.get(table.rpartition(".")[2], ())
    places = [place for finding in told for place in finding.locations]
    places += [place for one in owners for place in scene.declarations.in_class(one.name, column)]
    places += [one.location for one in owners]
    places += scene.declarations.tables(table) if not owners else ()
    near = {place.path for place in places}
    written = [one for one in scene.declarations.foreign_keys_to(missing) if not near or one.path in near]
    return [*written, *places, *absence.places]


def _truth(absence: Absence) -> str:
    """What is true of the missing table, after its name."""
    path = absence.places[0].path
    if absence.truth == "not loaded":
        return f"which {path} defines and nothing imports"
    if absence.truth == "other schema":
        return f'which is in the schema "{absence.schema}"' if absence.schema else "which is in no schema"
    return "which is in another MetaData"


def _advice(absence: Absence, missing: str) -> str:
    place = absence.places[0]
    if absence.truth == "not loaded":
        return f"Import {place.path} before the tables are created: where the application or its conftest.py starts"
    if absence.truth == "other schema":
        bare = missing.rpartition(".")[2]
        whole = f"{absence.schema}.{bare}" if absence.schema else bare
        return f'Name the table with its schema in ForeignKey: "{whole}.…"'
    return (
        f"Let both tables share one MetaData: the one of {place} and the one of the foreign key (the same base, and "
        "with Flask-SQLAlchemy the same bind key, also for a Table)"
    )


DETECTOR = Detector(rank=23, kind=KIND, find=_find)
