"""What sets failing tests apart from passing ones among the functions that they were seen to execute.

Ochiai's coefficient says how close "executes it" comes to "fails". The function that comes closest for all failures
together is taken to explain the groups of failures whose tests execute it; then the rest is looked at in the same way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kit.causes.scene.ochiai import ochiai
from kit.facts.execution import Execution
from kit.facts.places import Location
from kit.inventory import role_of

#: a helper of tests runs in failing tests wherever the fault is
_IN_TESTS = 0.5
#: a function with less than this part of the highest score is left out
_BESIDE = 0.7
#: a group whose own tests have a function that is so much closer is left for a later look
_ITS_OWN = 0.5
#: fewer passing tests say little about the lines that only failing ones run
_FEW_PASSING = 2
#: the last function of a file that was executed is taken to have at most this many lines
_LONGEST = 200
#: at most this many functions are suspects of a group, and at most this many explain groups
_MOST, _MOST_LOOKS = 20, 200


@dataclass(frozen=True)
class Suspect:
    """A function, at its first line. ``score`` is from 0 to 1; ``failing`` of the ``of_failing`` tests of a group have
    executed it, and ``passing`` of ``of_passing`` passing ones.
    """

    place: Location
    name: str
    score: float
    failing: int
    of_failing: int
    passing: int
    of_passing: int

    @property
    def said(self) -> str:
        """``All 7 failing tests execute Cart.total; 3 of 1,413 passing ones do``."""
        if self.of_failing == 1:
            tests = "The failing test executes"
        elif self.failing == self.of_failing:
            tests = f"All {self.failing:,} failing tests execute"
        else:
            tests = f"{self.failing:,} of {self.of_failing:,} failing tests execute"
        does = "does" if self.passing == 1 else "do"
        return f"{tests} {self.name}; {self.passing:,} of {self.of_passing:,} passing ones {does}"


@dataclass(frozen=True)
class _Executed:
    """How many of some failing tests have executed each function, by its number; ``tests`` is how many there are."""

    counts: Counter[int]
    tests: int


class Spectrum:
    """What was recorded of a run, for questions about groups of failures, which are given by the ids of failures."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        in_tests = {path: role_of(path) == "test" for path in {one.path for one in execution.functions}}
        self._weights = tuple(_IN_TESTS if in_tests[one.path] else 1.0 for one in execution.functions)

    def explain(self, groups: Mapping[str, Iterable[str]]) -> dict[str, tuple[Suspect, ...]]:
        """By group: the functions that come closest to being executed by failing tests alone, the closest first. A
        group without a record is left out.
        """
        left = {name: own for name, failures in groups.items() if (own := self._executed(failures)).counts}
        alone = {name: self._scores(own) for name, own in left.items()}
        closest = {name: max(scores.values()) for name, scores in alone.items()}
        found: dict[str, tuple[Suspect, ...]] = {}
        every = _together(left.values())
        tried: set[int] = set()
        for _ in range(_MOST_LOOKS):
            scores = self._scores(every)
            leader = max((one for one in scores if one not in tried), key=lambda one: (scores[one], -one), default=None)
            if leader is None:
                break
            tried.add(leader)
            # of a group of which another function is far closer to its own tests, that one is the better explanation
            fitting = [name for name in left if alone[name].get(leader, 0.0) >= _ITS_OWN * closest[name]]
            for name in fitting:
                own = left.pop(name)
                every = _Executed(every.counts - own.counts, every.tests - own.tests)
                found[name] = tuple(self._suspects(own, scores, alone[name], leader))
        more = {name: tuple(self._suspects(own, alone[name], alone[name], None)) for name, own in left.items()}
        return found | more

    def executed_by(self, failures: Iterable[str], place: Location) -> Suspect | None:
        """The function at a place, with the tests of these failures; ``None`` where none has executed it."""
        return next((one for one in self._each(failures) if one.place == place), None)

    def places(self, failures: Iterable[str]) -> frozenset[Location]:
        """The functions that tests with these failures have executed."""
        functions = self._execution.functions
        ran = (functions[number] for number in self._executed(failures).counts)
        return frozenset(Location(one.path, one.line, "executed") for one in ran)

    def executed_named(self, failures: Iterable[str], path: str, name: str = "") -> tuple[Suspect, ...]:
        """The functions of a file that tests with these failures have executed: all of them, or the one of a name and
        the methods of a class of that name.
        """
        return tuple(
            one
            for one in self._each(failures)
            if one.place.path == path and (not name or one.name == name or one.name.startswith(f"{name}."))
        )

    def _each(self, failures: Iterable[str]) -> Iterator[Suspect]:
        own = self._executed(failures)
        scores = self._scores(own)
        return (self._suspect(number, own, scores) for number in own.counts)

    def lines_apart(self, failures: Iterable[str], place: Location, lines: Sequence[range]) -> dict[int, float]:
        """How close each statement of a function comes to being run by failing tests alone (Ochiai's coefficient), by
        its first line; empty where no failing test was watched in it. ``lines`` are those of its statements.
        """
        wanted = frozenset(failures)
        ran = [(one.failure, own) for one in self._execution.lines if (own := frozenset(one.files.get(place.path, ())))]
        inside = [(failure, own) for failure, own in ran if any(not own.isdisjoint(one) for one in lines)]
        failing = [own for failure, own in inside if failure in wanted]
        passing = [own for failure, own in inside if not failure]
        if not failing:
            return {}
        return {
            one.start: ochiai(_running(one, failing), len(failing), _running(one, passing))
            if _running(one, failing)
            else 0.0
            for one in lines
        }

    def breaks_off(self, failures: Iterable[str], place: Location, later: Sequence[range]) -> bool:
        """Whether all watched tests with these failures run a line and no later statement, and passing ones go on."""
        goes_on = [past for failure, past in self._past(place, later) if not failure]
        return bool(goes_on) and all(goes_on) and self._all_end(failures, place, later)

    def stops_all(self, failures: Iterable[str], place: Location, later: Sequence[range]) -> bool:
        """Whether all watched tests with these failures run a line, and no watched test at all a later statement."""
        return not any(past for _, past in self._past(place, later)) and self._all_end(failures, place, later)

    def _all_end(self, failures: Iterable[str], place: Location, later: Sequence[range]) -> bool:
        wanted = frozenset(failures)
        watched = sum(one.failure in wanted for one in self._execution.lines)
        past = [past for failure, past in self._past(place, later) if failure in wanted]
        return bool(watched) and len(past) == watched and not any(past)

    def _past(self, place: Location, later: Sequence[range]) -> Iterator[tuple[str, bool]]:
        """Of each watched test that runs the line: its failure, and whether it runs a later statement."""
        for one in self._execution.lines:
            own = frozenset(one.files.get(place.path, ()))
            if place.line in own:
                yield one.failure, any(not own.isdisjoint(statement) for statement in later)

    def lines_alone(self, failures: Collection[str]) -> tuple[Location, ...]:
        """The lines that all failing tests which were watched run, and no passing one, in files that passing ones run;
        empty where hardly a passing test was watched.
        """
        failing = [one.files for one in self._execution.lines if one.failure in failures]
        passing = [one.files for one in self._execution.lines if not one.failure]
        if not failing or len(passing) < _FEW_PASSING:
            return ()
        found = [
            Location(path, line, "executed")
            for path in failing[0]
            if any(path in files for files in passing)
            for line in frozenset.intersection(*(frozenset(files.get(path, ())) for files in failing))
            if not any(line in files.get(path, ()) for files in passing)
        ]
        return tuple(sorted(found))

    def lines_alone_in(self, failures: Collection[str], place: Location) -> tuple[Location, ...]:
        """Those of these lines that belong to the function at a place, as far as the next function that was executed;
        empty where passing tests do not run it.
        """
        starts = sorted(one.line for one in self._execution.functions if one.path == place.path)
        end = next((line for line in starts if line > place.line), None)
        inside = range(place.line, end) if end else range(place.line, place.line + _LONGEST)
        passing = [one.files.get(place.path, ()) for one in self._execution.lines if not one.failure]
        if not any(line in inside for lines in passing for line in lines):
            return ()
        return tuple(one for one in self.lines_alone(failures) if one.path == place.path and one.line in inside)

    def _scores(self, executed: _Executed) -> dict[int, float]:
        functions = self._execution.functions
        return {
            number: ochiai(count, executed.tests, functions[number].passing) * self._weights[number]
            for number, count in executed.counts.items()
        }

    def _suspects(
        self, own: _Executed, scores: Mapping[int, float], alone: Mapping[int, float], leader: int | None
    ) -> Iterator[Suspect]:
        best = scores[leader] if leader is not None else max(scores.values())
        chosen = [number for number in own.counts if scores[number] >= best * _BESIDE]
        chosen.sort(key=lambda one: (one != leader, -round(scores[one], 6), -round(alone[one], 6), one))
        for number in chosen[:_MOST]:
            yield self._suspect(number, own, scores)

    def _suspect(self, number: int, own: _Executed, scores: Mapping[int, float]) -> Suspect:
        function = self._execution.functions[number]
        place = Location(function.path, function.line, "executed")
        counts = own.counts[number], own.tests, function.passing, self._execution.passing
        return Suspect(place, function.name, scores[number], *counts)

    def _executed(self, failures: Iterable[str]) -> _Executed:
        known = (self._execution.failing.get(failure) for failure in dict.fromkeys(failures))
        return _together(_Executed(Counter(dict(one.executed)), one.tests) for one in known if one)


def _running(statement: range, tests: Iterable[frozenset[int]]) -> int:
    """How many of these tests, each given by the lines that it ran, ran a statement."""
    return sum(not own.isdisjoint(statement) for own in tests)


def _together(several: Iterable[_Executed]) -> _Executed:
    counts: Counter[int] = Counter()
    tests = 0
    for one in several:
        counts.update(one.counts)
        tests += one.tests
    return _Executed(counts, tests)
