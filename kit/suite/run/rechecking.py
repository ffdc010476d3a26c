"""Running failing tests once more: which of them, under which conditions, and what that says. Pure planning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from kit.facts.failures import Phase
from kit.facts.suite import BAD, Outcome, RecheckVerdict

#: so many tests of each distinct failure are asked before the others: a cascade costs a handful of re-runs
_SAMPLE = 3

#: verdicts on a test that passes in a plain run
_NOT_ITS_OWN = ("fails_beside_others", "needs_others")


@dataclass(frozen=True)
class RerunResult:
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
    """Batches, each for a new child, and by how many ``workers`` at a time. One that ``is_spare`` gets less time; one
    that ``is_decisive`` as much as the tests have taken, since without it outcomes would be wrong.
    """

    title: Literal["alone", "in order", "beside others", "one by one"]
    batches: tuple[tuple[int, ...], ...]
    workers: int = 1
    is_spare: bool = False
    is_decisive: bool = False


@dataclass(frozen=True)
class Verdict:
    """What re-runs say of a test; ``instead`` is what it does without others, where they make a difference."""

    alone: RecheckVerdict
    instead: RerunResult | None = None


#: yields rounds, and is sent what the tests did in them (as far as there was time)
Rounds = Generator[Round, Mapping[int, RerunResult], None]


class Repeatable(Protocol):
    """What is known of the run (see :class:`~kit.suite.run.execution_log.ExecutionLog`)."""

    @property
    def suite(self) -> tuple[int, ...]:
        """All tests, in the order of a plain run."""

    def before(self, index: int) -> tuple[int, ...]:
        """The tests that ran in the process of this one up to it, itself included."""

    def missed(self, index: int) -> tuple[int, ...]:
        """The tests of its file up to this one, itself included, if some of them had not run before it in its process;
        else none.
        """

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """What ran when these tests ran, they included: the tests of each process, in order."""


def rounds(
    failed: Mapping[int, str | None],
    run: Repeatable,
    workers: int,
    verdicts: dict[int, Verdict],
    *,
    had_overlays: bool = False,
) -> Rounds:
    """The re-runs of the tests in ``failed`` (index to the id of its failure), which ``workers`` have run.

    ``verdicts`` is filled as they are found, and a later round may correct an earlier one; it begins with those that
    an interrupted run has left unsettled.

    First a sample is run alone, then, of failures that someone does not show alone, all that have them, then the rest.
    What passes alone is run in order, with nothing beside it; what passes there too, beside others once more. What
    fails alone and had not the tests of its file before it, is run after them. Where tests turn out to share something,
    all that failed are run once more in a plain run of the suite, and fail if they fail there. If the workers
    ``had_overlays``, so that tests may have missed what others write, that plain run comes first.
    """
    if had_overlays:
        yield from _ask_after_overlays(failed, run, workers, verdicts)
        return
    yield from _ask_alone(failed, run, workers, verdicts)
    if _beside_others(verdicts):
        yield from _settle({*failed, *verdicts}, run, verdicts)


def _ask_after_overlays(
    failed: Mapping[int, str | None], run: Repeatable, workers: int, verdicts: dict[int, Verdict]
) -> Rounds:
    """In a plain run first, whose outcomes count. What fails in it too is asked as usual; of what passes, only whether
    it was chance that it has failed, and neither the overlays nor the order.
    """
    doubtful = {*failed, *_beside_others(verdicts)}
    if not doubtful:
        return
    plain = yield _plain_run(doubtful, run)
    passing = {index: plain[index] for index in (*failed, *verdicts) if _passes(plain, index)}
    verdicts |= {index: Verdict("needs_others", seen) for index, seen in passing.items()}
    left = {index: failure for index, failure in failed.items() if index not in passing}
    yield from _ask_alone(left, run, workers, verdicts)
    if passing:
        reasons: dict[int, Verdict] = {}
        yield from _explain([*passing], failed, run, workers, reasons)
        chance = [index for index, reason in reasons.items() if reason.alone == "flaky"]
        verdicts |= {index: Verdict("flaky", passing[index]) for index in chance}
    for index in doubtful & plain.keys() & verdicts.keys():
        known, seen = verdicts[index], plain[index]
        if seen.is_bad and known.alone in _NOT_ITS_OWN:
            verdicts[index] = Verdict("fails", seen)
        elif seen.is_bad and seen.failure != failed.get(index):
            verdicts[index] = Verdict(known.alone, seen)


def _beside_others(verdicts: Mapping[int, Verdict]) -> list[int]:
    return [index for index, verdict in verdicts.items() if verdict.alone == "fails_beside_others"]


def _passes(seen: Mapping[int, RerunResult], index: int) -> bool:
    return index in seen and not seen[index].is_bad


def _plain_run(indexes: Iterable[int], run: Repeatable) -> Round:
    """The suite from its beginning up to the last of these tests, one at a time."""
    return Round("one by one", (run.suite[: max(indexes) + 1],), is_decisive=True)


def _ask_alone(failed: Mapping[int, str | None], run: Repeatable, workers: int, verdicts: dict[int, Verdict]) -> Rounds:
    """Each by itself, and then what tells why those pass that do."""
    if not failed:
        return
    alone = dict((yield _each_alone(_sample(failed))))
    passes_now = {failed[index] for index, seen in alone.items() if not seen.is_bad}
    doubtful = [index for index in failed if index not in alone and failed[index] in passes_now]
    if doubtful:
        alone |= yield _each_alone(doubtful)
    rest = [index for index in failed if index not in alone]
    if rest:
        alone |= yield _each_alone(rest, is_spare=True)
    passing = [index for index, seen in alone.items() if not seen.is_bad]
    yield from _after_their_file([index for index, seen in alone.items() if seen.is_bad], run, verdicts)
    if passing:
        yield from _explain(passing, failed, run, workers, verdicts)


def _after_their_file(failing: Iterable[int], run: Repeatable, verdicts: dict[int, Verdict]) -> Rounds:
    """What fails alone fails, unless it was cut off from the tests of its file before it, and passes after them."""
    cut_off: dict[int, tuple[int, ...]] = {}
    for index in failing:
        if tests := run.missed(index):
            cut_off[index] = tests
        else:
            verdicts[index] = Verdict("fails")
    if not cut_off:
        return
    in_order = yield Round("in order", _longest(cut_off.values()))
    for index in cut_off:
        seen = in_order.get(index)
        verdicts[index] = Verdict("fails") if seen is None or seen.is_bad else Verdict("needs_others", seen)


def _explain(
    passing: Sequence[int], failed: Container[int], run: Repeatable, workers: int, verdicts: dict[int, Verdict]
) -> Rounds:
    """What makes tests fail that pass alone: what ran before, what runs beside, or chance."""
    in_order = yield Round("in order", _longest(map(run.before, passing)))
    wanted = set(passing)
    still = {index for index in wanted if index in in_order and not in_order[index].is_bad}
    verdicts |= {index: Verdict("passes_alone") for index in wanted - still if index in in_order}
    beside: Mapping[int, RerunResult] = {}
    if still and workers > 1:
        beside = yield Round("beside others", run.beside(still), workers)
    is_shared = any(seen.is_bad for index, seen in beside.items() if index in still or index not in failed)
    for index in still if is_shared or workers == 1 else still & set(beside):
        verdicts[index] = Verdict("fails_beside_others", in_order[index]) if is_shared else Verdict("flaky")


def _settle(failed: Collection[int], run: Repeatable, verdicts: dict[int, Verdict]) -> Rounds:
    """What fails in a plain run fails."""
    seen = yield _plain_run(failed, run)
    for index in failed:
        known = verdicts.get(index)
        if _passes(seen, index):
            verdicts[index] = Verdict("fails_beside_others", seen[index])
        elif index in seen and known and known.alone in _NOT_ITS_OWN:
            verdicts[index] = Verdict("fails", seen[index])


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
