"""Plans the re-runs of failing tests: which tests, under which conditions, and what their outcomes mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from kit.facts.failures import Phase
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import RecheckVerdict

#: of each distinct failure this many tests are run first: a failure that thousands of tests show costs few re-runs
_SAMPLE = 3

#: if more tests than this are in doubt, a plain run settles them at once, instead of one re-run for each
_FEW = 10

#: the verdicts on tests that pass in a plain run
_NOT_ITS_OWN = ("fails_beside_others", "needs_others")


@dataclass(frozen=True)
class RerunResult:
    """What a test did when it was run once more; ``failure`` is the id of a failure in the facts."""

    outcome: Outcome
    phase: Phase | None = None
    seconds: float | None = None
    failure: str | None = None
    reason: str | None = None

    @property
    def is_bad(self) -> bool:
        """Whether the test failed again."""
        return self.outcome in BAD


@dataclass(frozen=True)
class Round:
    """Batches, each for a new worker, run by this many ``workers`` at a time.

    A round that ``is_spare`` gets less time. A round that ``is_decisive`` gets as much time as it needs, since
    outcomes would be wrong without it.
    """

    title: Literal["alone", "in order", "beside others", "one by one"]
    batches: tuple[tuple[int, ...], ...]
    workers: int = 1
    is_spare: bool = False
    is_decisive: bool = False


@dataclass(frozen=True)
class Verdict:
    """What re-runs say about a test. ``instead`` is its result without other tests, if they make a difference."""

    kind: RecheckVerdict
    instead: RerunResult | None = None


#: yields rounds, and is sent the results of the tests that there was time for
Rounds = Generator[Round, Mapping[int, RerunResult], None]


class Repeatable(Protocol):
    """The execution log, as far as planning needs it (see :class:`~kit.suite.run.execution_log.ExecutionLog`)."""

    @property
    def suite(self) -> tuple[int, ...]:
        """All tests, in the order of a plain run."""

    def before(self, index: int) -> tuple[int, ...]:
        """The tests that ran in the process of this test up to it, itself included."""

    def missed(self, index: int) -> tuple[int, ...]:
        """The tests of its file up to this one, itself included, if one had not run before it in its process."""

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """The tests that ran while these tests ran, they included: one tuple a process, in order."""


def rounds(
    failed: Mapping[int, str | None],
    run: Repeatable,
    workers: int,
    verdicts: dict[int, Verdict],
    *,
    had_overlays: bool = False,
) -> Rounds:
    """The re-runs of the tests in ``failed`` (index to the id of its failure), which ``workers`` have run.

    ``verdicts`` fills up as verdicts are found, and a later round may correct an earlier verdict. At the start it holds
    those that an interrupted run has left unsettled.

    - A sample of each distinct failure runs alone. If one of the sample passes, all tests with this failure run alone;
      the rest follows as far as there is time.
    - A test that passes alone runs in the order of the suite, with nothing beside it. If it passes there too, it runs
      beside others once more.
    - A test that fails alone runs after the tests of its file, if it had not run after them before.
    - If tests turn out to share state, all that failed run in a plain run of the suite, and fail if they fail there.
      The same settles at once what is in doubt when more than a few tests are, and what was left undecided.
    - If the workers ``had_overlays``, so that a test may have missed what others write, this plain run comes first.
    """
    if had_overlays:
        yield from _rounds_after_overlays(failed, run, workers, verdicts)
        return
    doubts = _Doubts()
    yield from _rounds_alone(failed, run, workers, verdicts, doubts)
    undecided = doubts.tests - verdicts.keys() if workers > 1 else ()
    if not doubts.are_settled and (_beside_others(verdicts) or undecided):
        yield from _settle({*failed, *verdicts}, run, verdicts)


@dataclass
class _Doubts:
    """The failing tests that pass alone, or whose failure another test shows that does; and whether a plain run of all
    that failed has settled them.
    """

    tests: set[int] = field(default_factory=set)
    are_settled: bool = False


def _rounds_after_overlays(
    failed: Mapping[int, str | None], run: Repeatable, workers: int, verdicts: dict[int, Verdict]
) -> Rounds:
    """Start with a plain run, whose outcomes count.

    A test that fails in it too is run as usual. For a test that passes, the question is only whether it failed by
    chance, and not because of the overlays or the order.
    """
    doubtful = {*failed, *_beside_others(verdicts)}
    if not doubtful:
        return
    plain = yield _plain_run(doubtful, run)
    passing = {index: plain[index] for index in (*failed, *verdicts) if _passes(plain, index)}
    verdicts |= {index: Verdict("needs_others", seen) for index, seen in passing.items()}
    left = {index: failure for index, failure in failed.items() if index not in passing}
    yield from _rounds_alone(left, run, workers, verdicts, _Doubts(are_settled=True))
    if passing:
        reasons: dict[int, Verdict] = {}
        yield from _explain([*passing], failed, run, workers, reasons)
        chance = [index for index, reason in reasons.items() if reason.kind == "flaky"]
        verdicts |= {index: Verdict("flaky", passing[index]) for index in chance}
    for index in doubtful & plain.keys() & verdicts.keys():
        known, seen = verdicts[index], plain[index]
        if seen.is_bad and known.kind in _NOT_ITS_OWN:
            verdicts[index] = Verdict("fails", seen)
        elif seen.is_bad and seen.failure != failed.get(index):
            verdicts[index] = Verdict(known.kind, seen)


def _beside_others(verdicts: Mapping[int, Verdict]) -> list[int]:
    return [index for index, verdict in verdicts.items() if verdict.kind == "fails_beside_others"]


def _passes(seen: Mapping[int, RerunResult], index: int) -> bool:
    return index in seen and not seen[index].is_bad


def _plain_run(indexes: Iterable[int], run: Repeatable) -> Round:
    """The suite from its first test up to the last of these tests, one at a time."""
    return Round("one by one", (run.suite[: max(indexes) + 1],), is_decisive=True)


def _rounds_alone(
    failed: Mapping[int, str | None], run: Repeatable, workers: int, verdicts: dict[int, Verdict], doubts: _Doubts
) -> Rounds:
    """Run each test alone, and then find out why some pass. ``doubts`` is filled in."""
    if not failed:
        return
    alone = dict((yield _each_alone(_sample(failed))))
    passes_now = {failed[index] for index in _passing(alone)}
    doubtful = [index for index in failed if index not in alone and failed[index] in passes_now]
    doubts.tests |= {*doubtful, *_passing(alone)}
    if len(doubtful) > _FEW and workers > 1 and not doubts.are_settled:
        yield from _settle_first(failed, run, workers, verdicts, doubts)
        return
    if doubtful:
        alone |= yield _each_alone(doubtful)
    rest = [index for index in failed if index not in alone]
    if rest:
        alone |= yield _each_alone(rest, is_spare=True)
    passing = _passing(alone)
    yield from _after_their_file([index for index, seen in alone.items() if seen.is_bad], run, verdicts)
    if passing:
        yield from _explain(passing, failed, run, workers, verdicts)


def _passing(alone: Mapping[int, RerunResult]) -> list[int]:
    return [index for index, seen in alone.items() if not seen.is_bad]


def _settle_first(
    failed: Mapping[int, str | None], run: Repeatable, workers: int, verdicts: dict[int, Verdict], doubts: _Doubts
) -> Rounds:
    """Let a plain run settle the tests in doubt, and then run alone those that it has not settled."""
    doubts.are_settled = True
    yield from _settle({*failed, *verdicts}, run, verdicts)
    left = {index: failure for index, failure in failed.items() if index not in verdicts}
    yield from _rounds_alone(left, run, workers, verdicts, doubts)
    doubts.are_settled = not left.keys() & set(_beside_others(verdicts))


def _after_their_file(failing: Iterable[int], run: Repeatable, verdicts: dict[int, Verdict]) -> Rounds:
    """Give tests that fail alone their verdict: they need others if they pass after the tests of their file."""
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
    """Find out what makes tests fail that pass alone: the tests before them, the tests beside them, or chance."""
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
    """Settle the verdicts by a plain run: a test that fails in it fails."""
    seen = yield _plain_run(failed, run)
    for index in failed:
        known = verdicts.get(index)
        if _passes(seen, index):
            verdicts[index] = Verdict("fails_beside_others", seen[index])
        elif index in seen and known and known.kind in _NOT_ITS_OWN:
            verdicts[index] = Verdict("fails", seen[index])


def _each_alone(indexes: Iterable[int], *, is_spare: bool = False) -> Round:
    return Round("alone", tuple((index,) for index in indexes), is_spare=is_spare)


def _sample(failed: Mapping[int, str | None]) -> list[int]:
    """The first tests of each distinct failure; a test without a failure stands for itself."""
    by_failure: dict[object, list[int]] = defaultdict(list)
    for index, failure in sorted(failed.items()):
        by_failure[failure or index].append(index)
    return sorted(index for indexes in by_failure.values() for index in indexes[:_SAMPLE])


def _longest(histories: Iterable[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """The histories that are not the beginning of another one."""
    found: list[tuple[int, ...]] = []
    for history in sorted(set(histories), key=lambda one: (-len(one), one)):
        if not any(other[: len(history)] == history for other in found):
            found.append(history)
    return tuple(found)
