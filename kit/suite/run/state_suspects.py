"""Which tests have not seen the state that they would see in a plain run, by what the workers reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kit.suite.run.state_log import LoggedChange, Look


@dataclass(frozen=True)
class Suspicion:
    """Tests to run in plain order: the ``suspects``, and the ``polluters`` among the tests before them.

    ``questions`` are the changed states, each with those of its suspects that had not seen it from other tests: if such
    a test does the same once more, the state makes no difference to it.
    """

    suspects: tuple[int, ...] = ()
    polluters: tuple[int, ...] = ()
    questions: tuple[tuple[Look, LoggedChange, frozenset[int]], ...] = ()

    @property
    def tests(self) -> tuple[int, ...]:
        """All of them, in the order of a plain run."""
        return tuple(sorted({*self.suspects, *self.polluters}))


def names_of(
    looks: Sequence[Look], is_harmless: Callable[[Look, tuple[str, ...]], bool] = lambda *_: False
) -> list[tuple[str, ...]]:
    """The names of the changed states, each tuple once, except those of which it ``is_harmless`` what these tests
    change.
    """
    names = ((look, change.names) for look in looks for change in look.changes)
    return list(dict.fromkeys(one for look, one in names if not is_harmless(look, one)))


def with_makers(
    looks: Sequence[Look], readers: Mapping[tuple[str, ...], frozenset[int]]
) -> dict[tuple[str, ...], frozenset[int]]:
    """The readers, and where a state has its own path among its names, those that change it: a second one that makes a
    folder of the same name gets another number for it.
    """
    found = dict(readers)
    for look in looks:
        for change in look.changes:
            if change.path in change.names:
                found[change.names] = found.get(change.names, frozenset()) | {*look.tests}
    return found


def suspicion(
    looks: Sequence[Look],
    readers: Mapping[tuple[str, ...], frozenset[int]],
    places: Mapping[int, tuple[int, int]],
    times: Mapping[int, tuple[float, float]],
    is_settled: Callable[[Look, LoggedChange, int], bool],
) -> Suspicion:
    """The tests that can see a changed state and saw it otherwise than in a plain run.

    ``readers`` are the tests that can see a state, by its names. ``places`` has for each test the process that ran it
    (the ``id`` of its history) and its place there, ``times`` when it began and ended, in seconds of any clock. A test
    sees a state otherwise if it comes after the polluters in a plain run and did not run after them in their process,
    or the reverse. Of the tests between two looks, any may have changed it: where these ran in another order, those see
    it otherwise that changed places. A file is seen by all processes: a test that comes before the polluters in a plain
    run saw it otherwise if it ran beside them or after them. ``is_settled`` tells what is known to make no difference.
    """
    suspects: set[int] = set()
    questions = []
    sight = _Sight(looks, places, times)
    for look in looks:
        moved = _moved(look.tests)
        for change in look.changes:
            found = frozenset(
                index
                for index in readers.get(change.names, frozenset())
                if index in places
                and (index in moved if index in look.members else sight.is_otherwise(index, look, change))
                and not is_settled(look, change, index)
            )
            if found:
                unseen = frozenset(index for index in found if not sight.is_of_changed(index, look, change))
                questions.append((look, change, unseen))
                suspects |= found
    polluters = before(suspects, looks, readers)
    return Suspicion(tuple(sorted(suspects)), tuple(sorted(polluters)), tuple(questions))


def _moved(tests: Sequence[int]) -> set[int]:
    """The tests that ran before an earlier one of a plain run, or after a later one; ``tests`` are as they ran."""
    latest = list(accumulate(tests, max))
    earliest = list(accumulate(reversed(tests), min))[::-1]
    return {index for at, index in enumerate(tests) if latest[at] > index or earliest[at] < index}


def before(
    suspects: Collection[int], looks: Sequence[Look], readers: Mapping[tuple[str, ...], frozenset[int]]
) -> set[int]:
    """The tests that have changed a state which a suspect after them can see, whether it has seen that or not: both
    belong to plain order.
    """
    found: set[int] = set()
    for look in looks:
        seeing = {index for change in look.changes for index in readers.get(change.names, ()) if index in suspects}
        last = max(seeing, default=-1)
        found.update(index for index in look.tests if index < last)
    return found


class _Sight:
    """Which tests saw a changed state, by where and when they ran."""

    def __init__(
        self,
        looks: Sequence[Look],
        places: Mapping[int, tuple[int, int]],
        times: Mapping[int, tuple[float, float]],
    ) -> None:
        self._places, self._times = places, times
        self._first: dict[str, dict[int, int]] = {}  # by path and process, the first place at which it was changed
        self._polluting: dict[str, list[Look]] = {}  # by path, the looks that found a file changed, the earliest first
        self._began: dict[int, float] = {}  # by the id of such a look, when the first of its tests began
        for look in looks:
            for change in look.changes:
                if change.is_file:
                    self._began[id(look)] = min((times[one][0] for one in look.tests if one in times), default=0.0)
                    self._polluting.setdefault(change.path, []).append(look)
                else:
                    first, process = self._first.setdefault(change.path, {}), id(look.history)
                    first[process] = min(look.place, first.get(process, look.place))
        for polluting in self._polluting.values():
            polluting.sort(key=lambda look: self._began[id(look)])

    def is_otherwise(self, index: int, look: Look, change: LoggedChange) -> bool:
        """Whether a test that can see a state saw it otherwise than in a plain run."""
        process, place = self._places[index]
        is_elsewhere = process != id(look.history)
        if change.is_file and is_elsewhere and self._is_late(index, look):
            return True
        return (index > look.first) == (is_elsewhere or place <= look.place)

    def is_of_changed(self, index: int, look: Look, change: LoggedChange) -> bool:
        """Whether a test ran where, or when, other tests had changed this state."""
        if change.is_file:
            earliest = next((one for one in self._polluting[change.path] if index not in one.members), None)
            return earliest is not None and self._is_late(index, earliest)
        process, place = self._places[index]
        at = self._first[change.path].get(process)
        return index > look.first and at is not None and place > at

    def _is_late(self, index: int, look: Look) -> bool:
        """Whether a test ended after the tests of a look had begun to change a file."""
        return self._times[index][1] > self._began[id(look)]
