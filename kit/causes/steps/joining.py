"""Causes that are one defect, seen in two ways, become one that says why.

Only failures of which nothing else is known are joined: what was raised at one line with one message, whatever phase
it stopped, or for the lack of one attribute that nothing else names, and what pytest itself asserts in a set-up once a
fixture has failed. A relationship through a table that stands in another MetaData is one defect with the foreign key of
that table, and so are the two sides of a relationship that cannot be joined, errors about None where a function is
called that gives other tests None, errors that are raised in place of a caught one which other tests show, and imports
of one name that does not exist.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kit.causes.building import each_line_once
from kit.causes.scene.scene import Scene
from kit.causes.scene.stopped import FEW_PASSING, Stop, executed, stopped, stops_of
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

_PLACE_ONLY = "failure-group"
#: of these causes nothing but places is known
_VAGUE = frozenset({_PLACE_ONLY, "exercised-code"})
_SHOWS_NONE = re.compile(r"^(?:AssertionError: )?assert None\b|where None = ", re.MULTILINE)
_CLASS = re.compile(r"<class '[^']+'>")
#: from this number on, classes do not each have the same defect: the reason is at the line that they all come to
_MANY_CLASSES = 5
_LACKING = re.compile(r"^(?:type object )?'\w+' (?:object )?(?P<said>has no attribute '(?P<name>\w+)')")


@dataclass(frozen=True)
class _Join:
    """The cause ``joined`` is one defect with ``into``; ``first_hand`` of its tests show the root error."""

    joined: Cause
    into: Cause
    why: Evidence
    first_hand: int


def join(causes: Sequence[Cause], groups: Sequence[Group], scene: Scene) -> tuple[list[Cause], dict[str, str]]:
    """The causes, fewer of them, and the ids of those that are gone with the ids of those that took them in."""
    by_id = {group.id: group for group in groups}
    at_lines = list(_at_one_line(causes, by_id, scene))
    fewer = _joined(causes, at_lines)
    follow_ons = [*_follow_ons(fewer, by_id, scene), *_through_a_table(fewer), *_other_sides(fewer, scene)]
    follow_ons += [*_none_handed_on(fewer, by_id, scene), *_caught(fewer, by_id, scene), *_missing(fewer, scene)]
    fewer = _joined(fewer, follow_ons)
    met_too = list(_met_too(fewer, by_id, scene))
    gone = {one.joined.id: one.into.id for one in (*at_lines, *follow_ons, *met_too)}
    return _joined(fewer, met_too), {old: _last(gone, old) for old in gone}


def _joined(causes: Iterable[Cause], joins: Sequence[_Join]) -> list[Cause]:
    gone = {one.joined.id for one in joins}
    into: dict[str, list[_Join]] = {}
    for one in joins:
        into.setdefault(one.into.id, []).append(one)
    return [_with(cause, into.get(cause.id, ())) for cause in causes if cause.id not in gone]


def _with(cause: Cause, joins: Sequence[_Join]) -> Cause:
    if not joins:
        return cause
    more = [one.joined for one in joins]
    return replace(
        cause,
        locations=each_line_once((*cause.locations, *(place for one in more for place in one.locations))),
        tests=(*cause.tests, *(test for one in more for test in one.tests)),
        first_hand=cause.first_hand + sum(one.first_hand for one in joins),
        uncollectable=(*cause.uncollectable, *(path for one in more for path in one.uncollectable)),
        groups=(*cause.groups, *(group for one in more for group in one.groups)),
        evidence=tuple(
            dict.fromkeys((*cause.evidence, *(item for one in joins for item in (one.why, *one.joined.evidence))))
        ),
    )


def _at_one_line(causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene) -> Iterator[_Join]:
    """The same error with the same message, raised at the same line of the target's own code. An attribute that the
    source names nowhere but there is lacking for one reason, whatever the class of the object; where no passing test
    executes the function, an error of Python itself has one reason there, whatever the value in its message; and
    a message about many classes has one reason there that is none of them.
    """
    first: dict[tuple[str, str, Location], Cause] = {}
    met = list(_raised_at_one(causes, groups, scene))
    classes = Counter((_of_any_class(group), place) for _, group, place in met)
    for cause, group, place in met:
        nameless = _without_class(group.signature.message, scene)
        never = "" if nameless else _never_passing(scene, group, place)
        of_any = _of_any_class(group) if classes[_of_any_class(group), place] >= _MANY_CLASSES else ""
        message = nameless or never or of_any or group.signature.message
        into = first.setdefault((group.signature.exception, message, place), cause)
        if into is not cause:
            said = ", and nothing else names the attribute" if nameless else never or ", with one message"
            why = Evidence(f"All of these were raised at {place}{said}", place)
            yield _Join(cause, into, why, cause.first_hand)


def _raised_at_one(
    causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene
) -> Iterator[tuple[Cause, Group, Location]]:
    """The causes of which only the place is known, that of most tests first, with the one line of the target's code."""
    for cause in sorted(causes, key=lambda cause: (-cause.tests_blocked, cause.id)):
        group = groups[cause.groups[0]] if cause.kind == _PLACE_ONLY else None
        place = _raised_in_own_code(scene, group) if group else None
        if group and place:
            yield cause, group, place


def _of_any_class(group: Group) -> str:
    """The message of a group, whatever the class that it names."""
    return _CLASS.sub("<class>", group.signature.message)


def _never_passing(scene: Scene, group: Group, place: Location) -> str:
    """That no passing test executes the function in which Python itself raised an error; empty where this is not so,
    where a function raises on purpose, and where that was not recorded.
    """
    is_own = "." in group.signature.exception or scene.declarations.line(place).lstrip().startswith("raise ")
    ran = None if is_own else executed(scene, group.failure_ids, place)
    few = ran is None or ran.passing or ran.of_passing < FEW_PASSING
    return "" if ran is None or few else f", and no passing test executes {ran.name}"


def _without_class(message: str, scene: Scene) -> str:
    """What a message says of an attribute that the source names once; empty for every other message."""
    found = _LACKING.match(message)
    return found["said"] if found and scene.declarations.reading.trees.times_named(found["name"]) == 1 else ""


def _raised_in_own_code(scene: Scene, group: Group) -> Location | None:
    """The one line at which all failures of a group were raised."""
    places = {(root.own.path, root.own.line) if root.own else None for root in scene.roots(group)}
    only = places.pop() if len(places) == 1 else None
    return Location(*only, "raised") if only else None


def _follow_ons(causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene) -> Iterator[_Join]:
    """Assertions of pytest in set-ups, joined with the cause that makes the fixture of these tests fail."""
    asserting = [one for one in causes if one.groups and all(_asserts_in_pytest(groups[group]) for group in one.groups)]
    others = [other for other in causes if other not in asserting] if asserting else []
    met = [(other, met) for other in others if (met := _tests_that_meet(other, scene))]
    for cause in asserting:
        failing = [other for other, tests in met if tests.issuperset(cause.tests)]
        if len(failing) == 1:
            why = Evidence("Once a fixture has failed, pytest asserts in each set-up that comes to it again")
            yield _Join(cause, failing[0], why, 0)


def _none_handed_on(causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene) -> Iterator[_Join]:
    """Errors about None in a function that calls the one of which other tests get None."""
    giving = {
        (place.path, place.line): (cause, place)
        for cause in causes
        if cause.kind == "exercised-code" and any(_SHOWS_NONE.search(groups[one].example) for one in cause.groups)
        if (place := cause.evidence[0].location)
    }
    for cause in causes if giving else ():
        group = groups[cause.groups[0]] if cause.kind == _PLACE_ONLY else None
        raised = _raised_in_own_code(scene, group) if group and "NoneType" in group.signature.message else None
        called = scene.declarations.called_from(raised) if raised else ()
        found = next((giving[at.path, at.line] for at in called if (at.path, at.line) in giving), None)
        if raised and found:
            into, place = found
            yield _Join(cause, into, Evidence(f"{raised} calls it, and meets None", place), cause.first_hand)


def _caught(causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene) -> Iterator[_Join]:
    """Errors raised where another one is caught which other tests show: in a function that the caught code uses."""
    raised = [
        (cause, group, place)
        for cause in causes
        if cause.kind == _PLACE_ONLY and (group := groups[cause.groups[0]])
        if (place := _raised_in_own_code(scene, group))
    ]
    for cause, group, place in raised if len(raised) > 1 else ():
        caught = scene.declarations.caught_at(place)
        found = [
            (other, at)
            for other, shown, at in raised
            if caught and other is not cause and caught.catches(shown.signature.exception)
            if caught.names & {frame.function for root in scene.roots(shown) for frame in root.frames}
            and executed(scene, group.failure_ids, at)
        ]
        if len(found) == 1:
            into, at = found[0]
            yield _Join(cause, into, Evidence(f"It is caught there, and raised again as another error: {place}", at), 0)


def _met_too(causes: Sequence[Cause], groups: Mapping[str, Group], scene: Scene) -> Iterator[_Join]:
    """What tests show of which nothing but places is known, where they met an error of Python itself that other tests
    show: it stands in their tracebacks too, or they all execute a function that it stops, and do not get past it.
    """
    stopping = [(cause, stops) for cause in causes if (stops := _stopping(cause, groups, scene))]
    known = {cause.id for cause, _ in stopping}
    vague = [cause for cause in causes if cause.kind in _VAGUE and cause.id not in known] if stopping else []
    for cause in vague:
        own = [groups[one] for one in cause.groups if one in groups]
        found = [(into, why) for into, stops in stopping if (why := _met(scene, own, stops))]
        if own and len(found) == 1:
            into, why = found[0]
            yield _Join(cause, into, why, cause.first_hand)


def _stopping(cause: Cause, groups: Mapping[str, Group], scene: Scene) -> list[tuple[Group, Stop]]:
    """The lines of the target that an error of Python itself stops, each with the group that shows it."""
    own = [groups[one] for one in cause.groups if one in groups]
    return [(group, stop) for group in own for stop in stops_of(scene, group.failure_ids)]


def _met(scene: Scene, own: Sequence[Group], stops: Sequence[tuple[Group, Stop]]) -> Evidence | None:
    """Why all of these groups come of what stops at these lines; ``None`` where they do not."""
    for group, stop in stops:
        shown = (group.signature.exception, group.example)
        if all(any((info.type, info.message) == shown for info in scene.chains(one)) for one in own):
            return Evidence(f"What was raised at {stop.line} stands in these tracebacks too", stop.line)
    met = stopped(scene, [failure for group in own for failure in group.failure_ids], [stop for _, stop in stops])
    if not met:
        return None
    names = " or ".join(dict.fromkeys(ran.name for _, ran in met))
    lines = " or ".join(str(line) for line, _ in met)
    return Evidence(f"All of these tests execute {names}, and none gets past {lines}", met[0][0])


def _last(gone: Mapping[str, str], cause: str) -> str:
    """The id of the cause that has taken in another one, at last."""
    return _last(gone, gone[cause]) if cause in gone else cause


def _through_a_table(causes: Sequence[Cause]) -> Iterator[_Join]:
    """The relationships that do not find a table, where a foreign key of that table leads to another MetaData."""
    keys = {cause.id.partition(":")[2].rpartition(".")[0]: cause for cause in causes if cause.kind == "foreign-key"}
    for cause in causes:
        if cause.kind != "broken-relationship":
            continue
        into = keys.get(table := cause.id.rpartition(".")[2])
        if into and {(at.path, at.line) for at in into.locations} & {(at.path, at.line) for at in cause.locations}:
            why = Evidence(
                f'The table "{table}" is not found by relationships either: {cause.title}', into.locations[0]
            )
            yield _Join(cause, into, why, cause.first_hand)


def _other_sides(causes: Sequence[Cause], scene: Scene) -> Iterator[_Join]:
    """The relationships that no test shows, where the other side of the same relationship is a cause too."""
    ends = {cause.id: _ends(cause, scene) for cause in causes if cause.kind == "broken-relationship"}
    shown = {ends[cause.id]: cause for cause in causes if cause.tests_blocked and ends.get(cause.id)}
    for cause in causes:
        end = ends.get(cause.id)
        into = shown.get(end[::-1]) if end and not cause.tests_blocked else None
        if into and into is not cause:
            why = Evidence(f"It is the other side of one relationship: {cause.title}", into.locations[0])
            yield _Join(cause, into, why, 0)


def _missing(causes: Sequence[Cause], scene: Scene) -> Iterator[_Join]:
    """The imports of one module, or one name, that does not exist."""
    lacking = {one.id: str(one.details.get("missing")) for one in scene.findings("unresolved-import")}
    first: dict[str, Cause] = {}
    for cause in sorted(causes, key=lambda cause: (-cause.tests_blocked - len(cause.uncollectable), cause.id)):
        if cause.id in lacking:
            into = first.setdefault(lacking[cause.id], cause)
            if into.id != cause.id:
                why = Evidence(cause.title, cause.locations[0], f"#finding-{cause.id}")
                yield _Join(cause, into, why, cause.first_hand)


def _ends(cause: Cause, scene: Scene) -> tuple[str, str] | None:
    """The class of a relationship and the one that it leads to; ``None`` where several relationships join the two."""
    owner, _, name = cause.id.partition(":")[2].partition("@")[0].rpartition(".")
    found = [one for mapped in scene.mapped_by_name.get(owner, ()) for one in mapped.relationships]
    target = next((one.points_at for one in found if one.name == name), None)
    alone = [one.points_at for one in found].count(target) == 1
    return (owner, target) if target and alone else None


def _asserts_in_pytest(group: Group) -> bool:
    """Whether pytest itself raised an assertion without a text; the probe then tells where, in place of a text."""
    told, frame = group.signature, group.signature.frame or ""
    is_silent = not told.message and (frame == "pytest" or frame.startswith("_pytest."))
    is_placed = group.example.startswith("raised in _pytest/")
    return (told.exception, told.phase) == ("AssertionError", "setup") and (is_silent or is_placed)


def _tests_that_meet(cause: Cause, scene: Scene) -> set[str]:
    """The tests of the files in which a fixture failed for a cause, or in which one asks for it: others may, later."""
    results = (result for nodeid in cause.tests if (result := scene.result(nodeid)) and result.phase == "setup")
    failures = [(one.path, scene.failures[one.failure].fixture) for one in results if one.failure in scene.failures]
    asking = [nodeid for _, name in failures if name for nodeid in scene.tests_with_fixture.get(name, ())]
    files = {path for path, name in failures if name}
    files |= {result.path for nodeid in asking if (result := scene.result(nodeid))}
    return {*asking, *(test.nodeid for path in files for test in scene.tests_by_path.get(path, ()))}
