"""Errors of Python itself that stop code of the target: which failures come of them where the target swallows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kit.causes.scene.ochiai import ochiai
from kit.causes.scene.scene import Scene
from kit.causes.scene.spectrum import Suspect
from kit.facts.places import Location
from kit.inventory import first_line

#: fewer passing tests say little about what they do not execute
FEW_PASSING = 3
#: from this coefficient on hardly a passing test executes a function: all that fails after it is one cause
HARDLY_PASSING = 0.9
#: raised by a line that cannot work, whatever it is given
_OF_PYTHON = frozenset({"AttributeError", "NameError", "UnboundLocalError", "TypeError", "ImportError"})


@dataclass(frozen=True)
class Stop:
    """A line that an error stops, and the function around it at its first line, where the source shows it."""

    line: Location
    function: Location | None


def stops_of(scene: Scene, failures: Iterable[str]) -> Iterator[Stop]:
    """The lines of the target that an error of Python itself stops, as these failures show."""
    roots = (scene.root(failure) for failure in failures)
    lines = (Location(one.own.path, one.own.line) for one in roots if one.own and one.qualified in _OF_PYTHON)
    for line in dict.fromkeys(lines):
        if not scene.declarations.line(line).lstrip().startswith("raise "):
            yield Stop(line, _function_around(scene, line))


def stopped(scene: Scene, failures: Sequence[str], stops: Sequence[Stop]) -> list[tuple[Location, Suspect]]:
    """The lines that stop all of these failures, each with its function: their tests execute it and do not get past the
    line, unlike passing ones, or as none does where hardly one passes. That is one line for all of them, else one of
    several for each; empty where this is not so.
    """
    ran = scene.spectrum.places(failures)
    met = [stop for stop in stops if stop.function in ran]
    for stop in met:
        if function := _stopped(scene, failures, stop):
            return [(stop.line, function)]
    parts: dict[Stop, list[str]] = {}
    for failure in failures if len(met) > 1 else ():
        own = next((stop for stop in met if _stopped(scene, [failure], stop)), None)
        if own is None:
            return []
        parts.setdefault(own, []).append(failure)
    return [(stop.line, function) for stop, own in parts.items() if (function := _stopped(scene, own, stop))]


def executed(scene: Scene, failures: Iterable[str], place: Location) -> Suspect | None:
    """The function at a place, if tests with these failures were seen to execute it."""
    function = _function_around(scene, place)
    return scene.spectrum.executed_by(failures, function) if function else None


def _function_around(scene: Scene, place: Location) -> Location | None:
    """The function at a place, at its first line."""
    function = scene.declarations.reading.trees.function_at(place)
    return Location(place.path, first_line(function), "executed") if function else None


def _stopped(scene: Scene, failures: Sequence[str], stop: Stop) -> Suspect | None:
    ran = scene.spectrum.executed_by(failures, stop.function) if stop.function else None
    if ran is None or ran.failing < ran.of_failing or ran.of_passing < FEW_PASSING:
        return None
    later = [one for one in scene.suspect_lines.statements_of(ran.place) if one.start > stop.line.line]
    if not ran.passing or scene.spectrum.breaks_off(failures, stop.line, later):
        return ran
    return ran if _hardly_passes(scene, ran) and scene.spectrum.stops_all(failures, stop.line, later) else None


def _hardly_passes(scene: Scene, ran: Suspect) -> bool:
    """Whether of all tests that execute a function hardly one passes: it may not need what the function does."""
    every = scene.spectrum.executed_by(scene.failures, ran.place)
    return every is not None and ochiai(every.failing, every.failing, ran.passing) >= HARDLY_PASSING
