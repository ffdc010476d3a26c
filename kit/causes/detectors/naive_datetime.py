"""A datetime without zone that meets one with a zone: where they meet, and the lines that make the one without.

https://docs.python.org/3/library/datetime.html#aware-and-naive-objects
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, in_category
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Frame, Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "naive-datetime"
#: with more of them no single one is the defect, and the place where they meet says more
_FEW = 3
_SHOWN = 6
_VALUE = re.compile(r"\bdatetime\(\d+,\s*\d+,\s*\d+[^()]*\)")
_ZONE = re.compile(r"tz|utc|zone|fold", re.IGNORECASE)
_WORD, _STORED = re.compile(r"\w+"), re.compile(r"(\w+)\s*(?::[^=()]+)?=(?!=)")


@dataclass(frozen=True)
class _Producer:
    """A line that makes naive values, what it is in words, and the names that these values are known to have."""

    place: Location
    what: str
    names: tuple[str, ...] = ()


#: those of each file
_ByFile = Mapping[str, Sequence[_Producer]]


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_place: dict[str, list[Group]] = {}
    for group in in_category(unexplained, "datetime"):
        by_place.setdefault(group.signature.frame or "", []).append(group)
    if not by_place:
        return
    # places that one line alone can have given a naive value to are one defect
    joined: dict[object, list[str]] = {}
    made = [*_calls(scene), *_columns(scene)]
    makers, known = _by_file(made), _by_file([*made, *_dropping(scene)])
    producers = {place: tuple(_producers(scene, groups, makers, known)) for place, groups in by_place.items()}
    for place, found in producers.items():
        joined.setdefault(found if len(found) == 1 else place, []).append(place)
    for places in joined.values():
        places.sort(key=lambda place: not any(root.own for root in scene.roots(*by_place[place])))
        groups = [group for place in places for group in by_place[place]]
        yield _cause(scene, places, groups, producers[places[0]])


def _by_file(producers: Iterable[_Producer]) -> _ByFile:
    found: dict[str, list[_Producer]] = {}
    for one in producers:
        found.setdefault(one.place.path, []).append(one)
    return found


def _producers(scene: Scene, groups: Sequence[Group], makers: _ByFile, known: _ByFile) -> Iterator[_Producer]:
    """The lines that can have made the naive value, from the first place that has any: the functions of the traceback
    and those that they call, the values that lines of the traceback spell out, the files of the traceback, and the
    functions that these files call. Of the other files that the tests import, only lines whose value the traceback
    reads by its name count: taking a zone away may well be meant there.
    """
    spots = scene.spots(*groups)
    frames = [frame for info in scene.chains(*groups) for frame in info.frames if frame.owner != "library"]
    passed = dict.fromkeys(Location(frame.path, frame.line) for frame in frames)
    called = {place for one in frames for place in scene.declarations.called_in(one.path, one.function, one.line)}
    further = {place for one in called for place in scene.declarations.called_from(one)}
    yield from (
        _nearest_first([*_before(scene, known, passed), *_inside(scene, known, called)], spots)
        or _nearest_first(_spelled_out(frames), spots)
        or _nearest_first(_within(known, {place.path for place in passed}), spots)
        or _nearest_first(_inside(scene, known, further), spots)
        or _read(scene, groups, frames, makers)
    )


def _read(scene: Scene, groups: Sequence[Group], frames: Iterable[Frame], makers: _ByFile) -> list[_Producer]:
    """Those in files that the tests import whose value the lines of the traceback read by its name."""
    words = {word for frame in frames for word in _WORD.findall(frame.source)}
    tests = {result.path for result in scene.results(*groups)}
    imported = {path for test in tests for path in scene.imported_by_tests.get(test, ())}
    return [one for one in _within(makers, imported) if words & _stored(scene, one)]


def _spelled_out(frames: Iterable[Frame]) -> list[_Producer]:
    """The values without zone that lines of the traceback write as numbers."""
    return [
        _Producer(Location(frame.path, frame.line, "value"), f"{value} is a time without zone")
        for frame in frames
        for value in _VALUE.findall(frame.source)
        if not _ZONE.search(value)
    ]


def _stored(scene: Scene, producer: _Producer) -> set[str]:
    """The names that the line of a producer gives to what it makes."""
    return {*producer.names, *_STORED.findall(scene.declarations.line(producer.place))} - {"default", "timezone"}


def _before(scene: Scene, producers: _ByFile, passed: Iterable[Location]) -> list[_Producer]:
    """Those in the functions that a failure went through, up to where it left them."""
    return [
        one
        for at in passed
        for one in producers.get(at.path, ())
        if one.place.line <= at.line and scene.declarations.is_within(one.place, at)
    ]


def _inside(scene: Scene, producers: _ByFile, definitions: Iterable[Location]) -> list[_Producer]:
    return [
        one for at in definitions for one in producers.get(at.path, ()) if scene.declarations.is_within(one.place, at)
    ]


def _within(producers: _ByFile, paths: Collection[str]) -> list[_Producer]:
    return [one for path in sorted(paths & producers.keys()) for one in producers[path]]


def _nearest_first(producers: Iterable[_Producer], met: Sequence[Location]) -> list[_Producer]:
    """By how far they stand from where the two first met, those of the same file in front."""
    spot = met[0]
    return sorted(
        dict.fromkeys(producers),
        key=lambda one: (one.place.path != spot.path, abs(one.place.line - spot.line), one.place),
    )


def _calls(scene: Scene) -> Iterator[_Producer]:
    for one in scene.inventory.naive_times:
        if one.role in ("production", "test"):
            says = f"{one.call}{'()' if one.called else ''} gives a time without zone"
            yield _Producer(Location(one.path, one.line, "producer"), says)


def _dropping(scene: Scene) -> Iterator[_Producer]:
    for place in scene.declarations.dropping_zone:
        yield _Producer(place, "replace(tzinfo=None) takes the zone away")


def _columns(scene: Scene) -> Iterator[_Producer]:
    columns = {column for mapped in scene.inventory.mapped_classes for column in mapped.datetimes}
    for column in sorted(columns, key=lambda column: (column.path, column.line)):
        if column.timezone is False:
            says = f'The column "{column.name}" keeps no zone: it lacks timezone=True'
            yield _Producer(Location(column.path, column.line, "producer"), says, (column.name,))


def _cause(scene: Scene, places: Sequence[str], groups: list[Group], producers: Sequence[_Producer]) -> Cause:
    place = places[0]
    made = tuple(one.place for one in producers)
    met = scene.spots(*groups)
    evidence = [
        Evidence(f"They meet in: {frame.source}", Location(frame.path, frame.line))
        for frame in scene.frames(*groups)
        if frame.source
    ]
    evidence += [Evidence(one.what, one.place) for one in producers[:_SHOWN]]
    if len(producers) > _SHOWN:
        evidence.append(Evidence(f"{counted(len(producers) - _SHOWN, 'more line')} give a time without zone"))
    return cause_of(
        groups,
        id=f"{KIND}:{place}",
        kind=KIND,
        title=f"Naive and aware datetimes meet in {place}" if place else "Naive and aware datetimes meet",
        state="consistent",
        locations=(*made, *met) if len(made) <= _FEW else (*met, *made[:_SHOWN]),
        evidence=evidence,
        next_step=then_check(
            "Make the naive side aware where it is produced: datetime.now(timezone.utc) in place of utcnow() and "
            "now(), timezone=True on DateTime columns",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=50, kind=KIND, find=_find)
