"""A table of a mapped class that the database of a test lacks: nothing creates it there, or another database has it.

https://docs.sqlalchemy.org/en/20/core/metadata.html#creating-and-dropping-database-tables
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.exercise import function_of
from kit.causes.scene.fixtures_seen import fixtures_seen
from kit.causes.scene.scene import Scene, in_category, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.facts.wording import counted

KIND: Final = "table-not-created"
#: what databases say where a table is lacking
LACKING = re.compile(
    r"no such table: (?:\w+\.)?(?P<sqlite>\w+)"
    r"|relation \"(?:\w+\.)?(?P<postgres>\w+)\" does not exist"
    r"|Table '(?:\w+\.)?(?P<mysql>\w+)' doesn't exist"
)
#: a test looks for a file that SQLite makes with the first table
_NO_FILE = re.compile(r"where False = (?:<function (?:exists|isfile)\b|(?:exists|is_file)\()")
_DATABASE_FILE = re.compile(r"\.(?:db|sqlite3?)'\)")
_A_FILE: Final = "the database file"
_CREATING: Final = ("create_all",)
_SHOWN = 3
_SHARE: Final = (
    "Let the code under test use the database in which the fixture creates the tables, and import all models before it "
    "does; SQLite in memory is another database for each connection unless they share a StaticPool"
)
_WHY: Final = {
    "does nothing": "This line does nothing; the call that creates the tables may have stood here",
    "creates nothing": "It calls nothing, so it creates no table",
    "another test": "A passing test creates its tables here",
}


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[Location, ...], list[tuple[str, Group]]] = {}
    for group, found in saying(in_category(unexplained, "database-schema"), LACKING):
        table = found["sqlite"] or found["postgres"] or found["mysql"]
        if making := _making(scene, group, table) or _forgotten(scene, group):
            met.setdefault(making, []).append((table, group))
    for group in unexplained:
        if _is_file_missing(group) and (making := _forgotten(scene, group)):
            met.setdefault(making, []).append((_A_FILE, group))
    for making, pairs in met.items():
        yield _cause(scene, making, sorted({table for table, _ in pairs}), [group for _, group in pairs])


def _is_file_missing(group: Group) -> bool:
    """Whether a test misses the file of a database."""
    return bool(_NO_FILE.search(group.example) and _DATABASE_FILE.search(group.example))


def _making(scene: Scene, group: Group, table: str) -> tuple[Location, ...]:
    """Where the table should be created: functions that are called after it and do nothing, fixtures that make the
    database.
    """
    databases = scene.declarations.databases
    making = (*databases.idle_in(_near(scene, group)), *databases.made_by(_fixtures(scene, group)))
    # a class that a fixture or a test maps is not in the inventory
    return making if table in scene.mapped_by_table or (making and scene.declarations.string(table)) else ()


def _forgotten(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The line of a test that needs the table, the start of its ``with`` block, and the line of a passing test that
    creates the tables, one of the same file if there is one; empty where a test creates tables itself, by a fixture or
    by a function that it calls, or no passing one does.
    """
    databases, results = scene.declarations.databases, scene.results(group)
    frames = [root.test for root in scene.roots(group) if root.test]
    tests = [Location(one.path, one.line) for one in results if one.line]
    if not frames or databases.created_by([*_fixtures(scene, group), *tests]):
        return ()
    own = {one.path for one in results}
    passed = [one for path in own for one in scene.passed_in.get(path, ())]
    others = (one for path in scene.passed_in if path not in own for one in scene.passed_in[path])
    example = min(_creating(scene, passed), default=None) or min(_creating(scene, others), default=None)
    needed = Location(frames[0].path, frames[0].line, "needs the table")
    return (needed, *databases.before(needed), replace(example, role="another test")) if example else ()


def _creating(scene: Scene, tests: Iterable[TestResult]) -> Iterator[Location]:
    """The lines of these tests that create tables."""
    found = (scene.declarations.databases.creating_in(one.path, function_of(one)) for one in tests)
    return (place for place in found if place)


def _near(scene: Scene, group: Group) -> list[str]:
    """The files that failures of a group went through, and those that its tests import."""
    through = {frame.path for info in scene.chains(group) for frame in info.frames if frame.owner == "own"}
    return sorted(through | scene.exercise.modules_of(scene.results(group)))


def _fixtures(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The fixtures of the target that every test of a group asks for."""
    results = scene.results(group)
    asked = [set(scene.fixtures_of.get(result.nodeid, ())) for result in results]
    common = set.intersection(*asked) if asked else set()
    return tuple(sorted({place for name in common for place in fixtures_seen(scene, name, results)}))


def _cause(scene: Scene, making: tuple[Location, ...], tables: list[str], groups: list[Group]) -> Cause:
    fixtures = sorted({place for group in groups for place in _fixtures(scene, group)})
    roles = {place.role for place in making}
    left = scene.declarations.traces(_CREATING, (*making, *fixtures))
    creating = scene.declarations.databases.created_by(fixtures) if roles == {"fixture"} else ()
    overrides = scene.declarations.databases.overrides if creating else ()
    handing = scene.declarations.databases.handed_out_by(fixtures) if roles == {"fixture"} and not creating else ()
    title, advice = _told(making, tables, is_created=bool(creating))
    return cause_of(
        groups,
        id=f"{KIND}:{making[0].path}:{tables[0]}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(
            *left[:_SHOWN],
            *overrides[:_SHOWN],
            *creating,
            *making[:1],
            *handing[:1],
            *making[1:],
            *scene.spots(*groups),
        ),
        evidence=[
            *(Evidence(_WHY[place.role], place) for place in (*left, *making) if place.role in _WHY),
            *(Evidence("Tables are created here", place) for place in creating),
            *(Evidence("Sessions are handed out here: tables have to be there by then", one) for one in handing[:1]),
            *(Evidence("A dependency of the application is replaced here", place) for place in overrides[:_SHOWN]),
            *(
                Evidence(f'"{name}" is mapped here', scene.mapped_by_table[name][0].location)
                for name in tables[:_SHOWN]
                if name in scene.mapped_by_table
            ),
            *([Evidence(f"Lacking: {enumerated(tables)}")] if len(tables) > 1 else []),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


def _told(making: Sequence[Location], tables: Sequence[str], *, is_created: bool) -> tuple[str, str]:
    """The title, and what to do."""
    lacking = f'the table "{tables[0]}"' if len(tables) == 1 else counted(len(tables), "table")
    lacking = lacking if _A_FILE not in tables else "a table, and so no file is made,"
    if is_created:
        return f"The database that these tests use lacks {lacking}, though a fixture creates tables", _SHARE
    title, last = f"Nothing creates {lacking} in the database of these tests", making[-1]
    if last.role == "another test":
        return title, f"Create the tables first, as {last} does for another test"
    if making[0].role == "creates nothing":
        return title, "Create the tables there, after all models are imported"
    return title, "Create the tables where the fixture makes the database, after all models are imported"


DETECTOR = Detector(rank=64, kind=KIND, find=_find)
