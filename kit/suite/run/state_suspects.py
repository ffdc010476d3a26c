"""Which tests have not seen the state that they would see in a plain run, by what the workers reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kit.suite.run.state_log import LoggedChange, Look
from kit.wire.layout import FILE_STATE


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
    is_settled: Callable[[Look, LoggedChange, int], bool],
    can_have_seen: Callable[[int, Iterable[int]], bool],
) -> Suspicion:
    """The tests that can see a changed state and saw it otherwise than in a plain run.

    ``readers`` are the tests that can see a state, by its names. ``places`` has for each test the process that ran it
    (the ``id`` of its history) and its place there. A test sees a state otherwise if it comes after the polluters in a
    plain run and did not run after them in their process, or the reverse. A file is seen by all processes: a test that
    comes before the polluters in a plain run saw it otherwise if it ran beside them or after them; ``can_have_seen``
    tells that of a test and its polluters. ``is_settled`` tells what is known to make no difference.
    """
    suspects: set[int] = set()
    questions = []
    has_seen = _seen_in(looks, places)
    for look in looks:
        tests, process = set(look.tests), id(look.history)
        for change in look.changes:
            is_file = change.path.startswith(FILE_STATE)
            found = frozenset(
                index
                for index in readers.get(change.names, frozenset())
                if index in places
                and index not in tests
                and (
                    (index > look.first) != (places[index][0] == process and places[index][1] > look.place)
                    or (is_file and places[index][0] != process and can_have_seen(index, look.tests))
                )
                and not is_settled(look, change, index)
            )
            if found:
                unseen = frozenset(index for index in found if index < look.first or not has_seen(index, change.path))
                questions.append((look, change, unseen))
                suspects |= found
    polluters = before(suspects, looks, readers)
    return Suspicion(tuple(sorted(suspects)), tuple(sorted(polluters)), tuple(questions))


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


def _seen_in(looks: Sequence[Look], places: Mapping[int, tuple[int, int]]) -> Callable[[int, str], bool]:
    """Tells whether a test ran where tests before it had changed a state, by the path of the state."""
    changed: dict[str, dict[int, int]] = {}  # by path and process, the first place at which it was changed
    for look in looks:
        for change in look.changes:
            first, process = changed.setdefault(change.path, {}), id(look.history)
            first[process] = min(look.place, first.get(process, look.place))

    def has_seen(index: int, path: str) -> bool:
        process, place = places[index]
        at = changed[path].get(process)
        return at is not None and place > at

    return has_seen
