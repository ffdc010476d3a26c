"""Whatever no other detector explains: each group that is left is a cause, of which only the place is known.

https://docs.pytest.org/en/stable/how-to/failures.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, said
from kit.causes.detector import Detector
from kit.causes.scene.lacking import lacking
from kit.causes.scene.ochiai import Passing
from kit.causes.scene.scene import Scene, is_in
from kit.causes.scene.spectrum import Suspect
from kit.causes.scene.suspected_lines import suspects
from kit.causes.scene.suspicion import where_to_look
from kit.facts.causes import CHECK, Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "failure-group"
#: at most this many modules of one score are named
_SHOWN = 3
_TEST = re.compile(r"(?P<file>[^\s:]+\.py)::(?:\w+::)*(?P<function>\w+)")
#: what pytest itself says of a fixture that is missing or asked for wrongly
_OF_PYTEST = re.compile(r"fixture|did not yield a value|^ScopeMismatch", re.IGNORECASE)
_SYNTAX = re.compile(r"\((?P<file>[^()]+\.py), line (?P<line>\d+)\)$")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    files = [result.path for result in scene.suite.results if result.outcome == "passed"]
    compared = files and any(group.tests for group in unexplained)
    passing = Passing(files, _loads(scene)) if compared else None
    found = suspects(scene, unexplained)
    for group in unexplained:
        yield _cause(scene, group, passing, found.get(group.id, ()))


def _cause(scene: Scene, group: Group, passing: Passing | None, found: Sequence[Suspect]) -> Cause:
    first_line = group.example.strip().partition("\n")[0]
    locations = _syntax_error(group) or _refused_test(scene, group) or where_to_look(scene, group, found)
    incomplete = _class_that_lacks(scene, group)
    return cause_of(
        [group],
        id=f"{KIND}:{group.id}",
        kind=KIND,
        title=said(group, first_line),
        state="unknown",
        locations=(*locations[:1], *(one.location for one in incomplete if one.location), *locations[1:]),
        evidence=[
            *([Evidence(group.why)] if group.why else ()),
            *([Evidence(found[0].said, found[0].place)] if found else _set_apart(scene, group, passing)),
            *incomplete,
        ],
        next_step=NextStep(
            _advice(scene, group, locations),
            check_command([group]),
            "Run one of its tests alone" if group.tests else CHECK,
        ),
    )


def _class_that_lacks(scene: Scene, group: Group) -> tuple[Evidence, ...]:
    """The class without the attribute that one line reads: it may be gone there, or be misnamed by that line."""
    found = lacking([group], scene.class_fields.absent_for_one) if scene.has_source else ()
    return tuple(
        Evidence(f'{one.owner} is defined here: neither it nor another class declares "{one.name}"', one.places[0])
        for one in found
    )


def _advice(scene: Scene, group: Group, locations: Sequence[Location]) -> str:
    """That of the category; where a fixture is there and fails, which line it fails at."""
    if group.category == "fixture" and locations and not _OF_PYTEST.search(group.example):
        return f"A fixture of these tests fails at {locations[0]}: correct that line once for all of them."
    return scene.categories[group.category].advice


def _set_apart(scene: Scene, group: Group, passing: Passing | None) -> Iterator[Evidence]:
    """The module that most distinguishes these tests from those that pass."""
    failing = [result.path for result in scene.results(group)]
    found = passing.set_apart(failing) if passing and failing else None
    if passing is None or found is None:
        return
    names, more = found.paths[:_SHOWN], len(found.paths) - _SHOWN
    others = f" and {more} more" if more > 0 else ""
    yield Evidence(
        f"{_part_of(found.failing, len(failing))} {enumerated(names)}{others}; "
        f"{found.passing:,} of {passing.number:,} passing ones {'does' if found.passing == 1 else 'do'}",
        Location(names[0], 1, "imported"),
    )


def _part_of(tests: int, failing: int) -> str:
    if tests < failing:
        return f"{tests:,} of {failing:,} failing tests {'imports' if tests == 1 else 'import'}"
    return f"All {tests:,} failing tests import" if tests > 1 else "The failing test imports"


def _loads(scene: Scene) -> Mapping[str, frozenset[str]]:
    """What each test file imports; where lines were measured, only modules of which a line ran."""
    measured = scene.suite.coverage
    if measured is None:
        return scene.imported_by_tests
    idle = {module.path for module in measured.modules if module.statements and not module.covered}
    return {file: paths - idle for file, paths in scene.imported_by_tests.items()}


def _syntax_error(group: Group) -> tuple[Location, ...]:
    """Where a file that cannot be parsed breaks off: the message tells the line, and only the name of the file."""
    found = _SYNTAX.search(group.example) if is_in(group, "syntax") else None
    if found is None:
        return ()
    path = next((path for path in group.files if path == found["file"] or path.endswith("/" + found["file"])), None)
    return (Location(path, int(found["line"]), "syntax"),) if path else ()


def _refused_test(scene: Scene, group: Group) -> tuple[Location, ...]:
    """The test that pytest refuses to collect, where its file alone shows in the failure: ``parametrize`` names it."""
    found = _TEST.search(group.example) if group.files and not scene.frames(group) else None
    places = scene.declarations.function(found["function"]) if found else ()
    return tuple(place for place in places if place.path in group.files)


DETECTOR = Detector(rank=900, kind=KIND, find=_find)
