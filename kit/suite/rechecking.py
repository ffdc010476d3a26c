"""Running failing tests once more: which of them, under which conditions, and what that says. Pure planning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kit.facts.failures import Phase
from kit.facts.suite import BAD, Alone, Outcome

#: so many tests of each distinct failure are asked before the others: a cascade costs a handful of re-runs
_SAMPLE = 3


@dataclass(frozen=True)
class Seen:
    """What a test did when it was run once more; ``failure`` is an id of the facts'."""

    outcome: Outcome
    phase: Phase | None = None
    seconds: float | None = None
    failure: str | None = None
    reason: str | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it has something to explain again."""
        return self.outcome in BAD


@dataclass(frozen=True)
class Round:
    """Batches, each for a new child, and by how many ``workers`` at a time. One that ``is_spare`` gets less time."""

    title: str
    batches: tuple[tuple[int, ...], ...]
    workers: int = 1
    is_spare: bool = False


@dataclass(frozen=True)
class Verdict:
    """What re-runs say of a test; ``instead`` is what it does without others, where only they make it fail."""

    alone: Alone
    instead: Seen | None = None


#: yields rounds, is sent what the tests did in them (as far as there was time), and returns the verdicts
Rounds = Generator[Round, Mapping[int, Seen], dict[int, Verdict]]


class Repeatable(Protocol):
    """What is known of the run (see :class:`~kit.suite.diary.Diary`)."""

    def before(self, index: int) -> tuple[int, ...]:
        """The tests that ran in the process of this one up to it, itself included."""

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """What ran when these tests ran, they included: the tests of each process, in order."""


def rounds(failed: Mapping[int, str | None], run: Repeatable, workers: int) -> Rounds:
    """The re-runs of the tests in ``failed`` (index to the id of its failure), which ``workers`` have run.

    First a sample is run
    alone, then, of failures that someone does not show alone, all that have them, then the rest. What passes alone is
    run in order, with nothing beside it; what passes there too, beside others once more.
    """
    alone = dict((yield _each_alone(_sample(failed))))
    passes_now = {failed[index] for index, seen in alone.items() if not seen.is_bad}
    doubtful = [index for index in failed if index not in alone and failed[index] in passes_now]
    if doubtful:
        alone |= yield _each_alone(doubtful)
    rest = [index for index in failed if index not in alone]
    if rest:
        alone |= yield _each_alone(rest, is_spare=True)
    passing = [index for index, seen in alone.items() if not seen.is_bad]
    verdicts: dict[int, Verdict] = {index: Verdict("fails") for index in alone if index not in passing}
    if passing:
        verdicts |= yield from _explain(passing, failed, run, workers)
    return verdicts


def _explain(passing: Sequence[int], failed: Container[int], run: Repeatable, workers: int) -> Rounds:
    """What makes tests fail that pass alone: what ran before, what runs beside, or chance."""
    in_order = yield Round("in order", _longest(map(run.before, passing)))
    wanted = set(passing)
    still = {index for index in wanted if index in in_order and not in_order[index].is_bad}
    beside: Mapping[int, Seen] = {}
    if still and workers > 1:
        beside = yield Round("beside others", run.beside(still), workers)
    is_shared = any(seen.is_bad for index, seen in beside.items() if index in still or index not in failed)
    verdicts = {index: Verdict("passes_alone") for index in wanted if index in in_order and in_order[index].is_bad}
    for index in still if is_shared or workers == 1 else still & set(beside):
        verdicts[index] = Verdict("fails_beside_others", in_order[index]) if is_shared else Verdict("flaky")
    return verdicts


def _each_alone(indexes: Iterable[int], *, is_spare: bool = False) -> Round:
    return Round("alone", tuple((index,) for index in indexes), is_spare=is_spare)


def _sample(failed: Mapping[int, str | None]) -> list[int]:
    """The first tests of each distinct failure; those without one are each their own."""
    by_failure: dict[object, list[int]] = defaultdict(list)
    for index, failure in sorted(failed.items()):
        by_failure[failure or index].append(index)
    return sorted(index for indexes in by_failure.values() for index in indexes[:_SAMPLE])


def _longest(histories: Iterable[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Those that are not the beginning of another one."""
    found: list[tuple[int, ...]] = []
    for history in sorted(set(histories), key=lambda one: (-len(one), one)):
        if not any(other[: len(history)] == history for other in found):
            found.append(history)
    return tuple(found)
