"""A column or a table that statements call otherwise than the text that creates it.

https://docs.python.org/3/library/sqlite3.html#sqlite3.OperationalError
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.detectors.table_not_created import LACKING as LACKING_TABLE
from kit.causes.scene.expected_errors import logged, met_by_passing
from kit.causes.scene.nearest import nearest
from kit.causes.scene.scene import Scene, is_in
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.inventory import SqlTable

KIND: Final = "sql-name"
_LACKING = re.compile(
    r"no such column: (?:(?P<of>\w+)\.)?(?P<column>\w+)"
    r"|table (?P<into>\w+) has no column named (?P<named>\w+)"
    r"|column \"(?P<postgres>\w+)\" (?:of relation \"(?P<relation>\w+)\" )?does not exist"
    r"|column (?P<alias>\w+)\.(?P<plain>\w+) does not exist"
    r"|Unknown column '(?:(?P<mysql_of>\w+)\.)?(?P<mysql>\w+)'"
)
_SHOWN = 3
#: the category of an error that a test shows; a test alone may log an error that it expects
_SHOWN_AS: Final = "database-schema"
_FEWEST = 2


@dataclass(frozen=True)
class _Failing:
    """A group that lacks the column ``name``, of the table ``of`` if that is known, or without ``is_column`` a table of
    this name, and the lines that it came through, the deepest first.
    """

    group: Group
    name: str
    of: str
    through: tuple[Location, ...]
    is_column: bool = True


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[bool, str], list[_Failing]] = {}
    for one in _failing(scene, unexplained) if scene.has_source else ():
        met.setdefault((one.is_column, one.name), []).append(one)
    for (is_column, name), failing in met.items():
        if not is_column:
            yield from _of_table(scene, name, failing) if _counts(failing) else ()
            continue
        is_added = name.lower() in scene.sql_text.added
        found = _table(scene, name, failing) if _counts(failing) and not is_added else None
        if found:
            yield _cause(scene, *found, failing)


def _counts(failing: Sequence[_Failing]) -> bool:
    """Whether a test shows the error, or several have it in their output."""
    return any(is_in(one.group, _SHOWN_AS) for one in failing) or sum(one.group.count for one in failing) >= _FEWEST


def _table(scene: Scene, name: str, failing: Sequence[_Failing]) -> tuple[SqlTable, str] | None:
    """The one table that lacks the column, and what it is called: the one that the errors name, else the one whose
    name is put into the text that creates it, else the one that is named beside the column.
    """
    lacking = [table for table in scene.sql_text.tables if not table.has(name)]
    known = {table.bare for table in scene.sql_text.tables}
    beside = [at for one in failing for at in _statement(scene, one)]
    called = sorted({_called(scene, one) for one in failing} - {""})
    for found in (
        [(table, table.bare) for table in lacking if table.bare in called],
        [(table, of) for table in lacking for of in called if table.is_named_later and of not in known],
        [(table, table.bare) for table in lacking if any(scene.sql_text.statement(at, table.bare) for at in beside)],
    ):
        if found:
            return found[0] if len({table.place for table, _ in found}) == 1 else None
    return None


def _failing(scene: Scene, groups: Iterable[Group]) -> Iterator[_Failing]:
    """The groups that a database refuses for a column, or whose tests have such an error in their output."""
    for group in groups:
        if is_in(group, _SHOWN_AS):
            message = group.signature.message
            frames = (frame for root in scene.roots(group) for frame in reversed(root.frames) if frame.owner == "own")
            through = tuple(dict.fromkeys(Location(frame.path, frame.line, "raised") for frame in frames))
        elif (error := logged(scene, group)) and not met_by_passing(scene, error):
            message, through = error.message, error.places
        else:
            continue
        if found := _LACKING.search(message):
            said = found.groupdict("")
            name = said["column"] or said["named"] or said["postgres"] or said["plain"] or said["mysql"]
            of = said["of"] or said["into"] or said["relation"] or said["alias"] or said["mysql_of"]
            yield _Failing(group, name, of, through)
        elif found := LACKING_TABLE.search(message):
            yield _Failing(group, next(filter(None, found.groups())), "", through, is_column=False)


def _cause(scene: Scene, table: SqlTable, called: str, failing: Sequence[_Failing]) -> Cause:
    groups, name = [one.group for one in failing], failing[0].name
    statements = tuple(dict.fromkeys(at for one in failing for at in _statement(scene, one)))
    named_at = scene.sql_text.named_at
    # a column that no statement names is the one that has a new name
    idle = [place for other, place in table.columns.items() if not named_at(other, called) - {_text_of(place)}]
    is_misspelt = not idle and len(named_at(name, called)) == 1
    there = (idle[0] if len(idle) == 1 else table.place,)
    first, second = (statements, there) if is_misspelt else (there, statements)
    through = (place for one in failing for place in one.through)
    return cause_of(
        groups,
        id=f"{KIND}:{called}.{name}",
        kind=KIND,
        title=f'Statements name a column "{name}" that the table "{called}" is not created with',
        state="consistent",
        locations=(*first, *second, *through),
        evidence=[
            Evidence(f'"{called}" is created here, without "{name}"', table.place),
            *(Evidence(f"No statement names this column: {scene.declarations.line(at).strip()}", at) for at in idle),
            *(Evidence(f'A statement names "{name}" here', at) for at in statements[:_SHOWN]),
        ],
        next_step=then_check("Let the table and the statements call the column by one name", check_command(groups)),
    )


def _of_table(scene: Scene, name: str, failing: Sequence[_Failing]) -> Iterator[Cause]:
    """The cause where statements name a table that no text creates, and one that text creates is like it: either no
    statement asks for that one, or one line alone has the other name.
    """
    found = (scene.sql_text.statement(place, name) for one in failing for place in one.through)
    statements = tuple(dict.fromkeys(at for at in found if at))[:_SHOWN]
    meant = _like(scene, name) if statements else None
    if meant is None:
        return
    is_idle = not scene.sql_text.asked_of(meant)
    if not is_idle and len(scene.sql_text.named_at(name, name)) > 1:
        return
    groups = [one.group for one in failing]
    order = (meant.place, *statements) if is_idle else (*statements[:1], meant.place, *statements[1:])
    yield cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Statements name a table "{name}", and what is created is called "{meant.name}"',
        state="consistent",
        locations=(*order, *(place for one in failing for place in one.through)),
        evidence=[
            Evidence(f'"{meant.name}" is created here', meant.place),
            *([Evidence(f'No statement asks for "{meant.name}"')] if is_idle else []),
            *(Evidence(f'A statement names "{name}" here', at) for at in statements),
        ],
        next_step=then_check(
            "Let what creates the table and the statements call it by one name", check_command(groups)
        ),
    )


def _like(scene: Scene, name: str) -> SqlTable | None:
    """The table that text creates and whose name is like this one, which nothing creates as far as can be seen."""
    created = {table.bare: table for table in scene.sql_text.tables}
    is_elsewhere = name.lower() in created or name in scene.mapped_by_table
    if is_elsewhere or any(one.is_named_later for one in created.values()):
        return None
    return created.get(nearest(name.lower(), created) or "")


def _text_of(column: Location) -> Location:
    """The line of a column, as the place of a text that names it."""
    return replace(column, role="statement")


def _called(scene: Scene, one: _Failing) -> str:
    """The table that an error names, in lower case; of a short name the one that the statement gives it to."""
    of, known = one.of.lower(), {table.bare for table in scene.sql_text.tables}
    at = next(iter(_statement(scene, one)), None) if of and of not in known else None
    return scene.sql_text.meant_by(at, of) if at else of


def _statement(scene: Scene, one: _Failing) -> tuple[Location, ...]:
    """The line of SQL that names the column, in the deepest function that has one: others hand statements on."""
    found = (scene.sql_text.statement(place, one.name) for place in one.through)
    return tuple(at for at in found if at)[:1]


DETECTOR = Detector(rank=57, kind=KIND, find=_find)
