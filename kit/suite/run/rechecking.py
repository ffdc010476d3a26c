"""Plans the re-runs of failing tests: which tests, under which conditions, and what their outcomes mean.

No test is started more than three times in a run, so each is run once more alone, and once more in plain order where
that says something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from kit.facts.failures import Phase
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import RecheckVerdict

#: of failures that look alike this many tests are run first, fewer where there are very many kinds: a failure that
#: thousands of tests show costs few re-runs
_SAMPLE, _MOST_SAMPLES = 3, 300

#: if more tests than this are in doubt, a plain run settles them at once, instead of one re-run for each
_FEW = 10


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

    A round that ``is_spare`` gets less time.
    """

    title: Literal["alone", "in order", "beside others"]
    batches: tuple[tuple[int, ...], ...]
    workers: int = 1
    is_spare: bool = False


@dataclass(frozen=True)
class Verdict:
    """What re-runs say about a test. ``instead`` is its result without other tests, if they make a difference."""

    kind: RecheckVerdict
    instead: RerunResult | None = None


#: yields rounds, and is sent the results of the tests that there was time for
Rounds = Generator[Round, Mapping[int, RerunResult], None]


class Repeatable(Protocol):
    """The execution log, as far as planning needs it (see :class:`~kit.suite.run.execution_log.ExecutionLog`)."""

    def missed(self, index: int) -> tuple[int, ...]:
        """The tests of its file up to this one, itself included, if one had not run before it in its process."""

    def beside(self, indexes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
        """The tests that ran while these tests ran, they included: one tuple a process, in order."""

    def ran_as_plain(self, index: int) -> bool:
        """Whether the tests before it in a plain run, and no others, ran before it, and none beside it."""


@dataclass
class Doubts:
    """The failing tests that a plain run has to settle, and what is known of them.

    ``failed`` are all that failed, with the ids of their failures, ``looks`` what makes failures of several tests look
    alike; ``alone`` is what those did that ran alone. For the tests ``in_file`` it is enough to run the tests of their
    file up to them. Those ``torn_early`` failed when something was torn down that a plain run may tear down after other
    tests: all tests have to run for them.
    The code of those that ``ask_for_objects`` can see whether an object is alive, and all of them ran in a process that
    watched states then.
    ``in_order`` is what those did that ran in plain order once more already; those ``seeing`` have seen a state that
    others change.
    Those that ``fail_otherwise`` failed alone in another way: what they do in a plain run counts.
    ``had_overlays``: the workers that ran them had; ``has_overlays``: those of re-runs beside others have, too.
    """

    failed: Mapping[int, str | None]
    workers: int
    had_overlays: bool = False
    has_overlays: bool = False
    torn_early: frozenset[int] = frozenset()
    tests: set[int] = field(default_factory=set)
    in_file: set[int] = field(default_factory=set)
    fail_otherwise: frozenset[int] = frozenset()
    ask_for_objects: frozenset[int] = frozenset()
    alone: dict[int, RerunResult] = field(default_factory=dict)
    in_order: Mapping[int, RerunResult] = field(default_factory=dict)
    seeing: frozenset[int] = frozenset()
    looks: Mapping[str | None, object] = field(default_factory=dict)

    def look(self, index: int) -> object:
        """What the failure of a test looks like; a test without a failure stands for itself."""
        failure = self.failed[index]
        return index if failure is None else self.looks.get(failure, failure)


def rounds_before(doubts: Doubts, run: Repeatable, verdicts: dict[int, Verdict]) -> Rounds:
    """The re-runs before the plain run: each test alone. ``doubts`` and ``verdicts`` are filled in.

    - A sample of failures that look alike runs alone. If one of the sample passes, all tests that fail like it run
      alone, or, if they are many, are settled by the plain run at once; the rest follows as far as there is time.
    - A test that fails alone fails, unless it had not run after the tests of its file: then it runs after them.
    - A test that failed in plain order once more fails; one that did not is in doubt.
    - If the workers had overlays, a test may have missed what others write: then the plain run comes first.
    """
    if doubts.had_overlays:
        doubts.tests |= doubts.failed.keys()
        return
    passed = {index for index, seen in doubts.in_order.items() if index in doubts.failed and not seen.is_bad}
    doubts.tests |= passed
    failed = {index: failure for index, failure in doubts.failed.items() if index not in passed}
    if not failed:
        return
    alone = doubts.alone
    alone |= yield _each_alone(_sample(doubts, failed))
    passes_now = {doubts.look(index) for index, seen in alone.items() if not seen.is_bad}
    same = [index for index in failed if index not in alone and doubts.look(index) in passes_now]
    if len(same) > _FEW and doubts.workers > 1:
        doubts.tests |= {*same}
    elif same:
        alone |= yield _each_alone(same)
    if rest := [index for index in failed if index not in alone and index not in doubts.tests]:
        alone |= yield _each_alone(rest, is_spare=True)
    _judge_alone(doubts, run, verdicts)


def _judge_alone(doubts: Doubts, run: Repeatable, verdicts: dict[int, Verdict]) -> None:
    """Give the tests that ran alone their verdicts, or put them among those that a plain run has to settle."""
    for index, seen in doubts.alone.items():
        if index in doubts.in_order:
            kind: RecheckVerdict = "fails" if seen.is_bad else "passes_alone"
            verdicts[index] = Verdict(kind, _other(doubts, doubts.in_order, index))
        elif not seen.is_bad or index in doubts.torn_early:
            doubts.tests.add(index)
        elif run.missed(index):
            doubts.tests.add(index)
            doubts.in_file.add(index)
        else:
            verdicts[index] = Verdict("fails")


def settle(
    doubts: Doubts,
    run: Repeatable,
    plain: Mapping[int, RerunResult],
    verdicts: dict[int, Verdict],
    share: Callable[[Collection[int]], bool],
) -> None:
    """Give failing tests their verdicts by what they did in a ``plain`` run, also where there was no time to run them
    alone.

    ``share`` tells whether there is evidence that tests share something outside of their processes.
    """
    passing: dict[int, RerunResult] = {}
    for index in sorted(doubts.failed.keys() & plain.keys()):
        seen, alone = plain[index], doubts.alone.get(index)
        if not seen.is_bad and index in doubts.ask_for_objects and not (alone and alone.is_bad):
            verdicts[index] = Verdict("fails_watched", seen)
        elif not seen.is_bad and (found := _if_it_passes(doubts, run, index, seen)):
            verdicts[index] = found
        elif not seen.is_bad:
            passing[index] = seen
        elif (led := doubts.in_order.get(index)) and not led.is_bad:
            verdicts[index] = Verdict("flaky")  # it passed in the same order
        elif alone is not None:
            instead = _other(doubts, plain, index) if index in doubts.fail_otherwise else None
            verdicts[index] = Verdict("fails" if alone.is_bad else "passes_alone", instead)
    kind: RecheckVerdict = "fails_beside_others" if passing and share(passing) else "flaky"
    verdicts |= {index: Verdict(kind, seen) for index, seen in passing.items()}


def _if_it_passes(doubts: Doubts, run: Repeatable, index: int, seen: RerunResult) -> Verdict | None:
    """The verdict on a test that passes in a plain run; ``None`` where it failed beside others, or by chance."""
    alone = doubts.alone.get(index)
    if doubts.had_overlays:
        return Verdict("needs_others", seen)
    if doubts.workers == 1 or run.ran_as_plain(index):
        return Verdict("flaky")  # it failed under the same conditions
    if index in doubts.in_order and index in doubts.seeing:
        return Verdict("needs_others", seen)
    return Verdict("needs_others", seen) if alone is not None and alone.is_bad else None


def rounds_after(
    doubts: Doubts, run: Repeatable, plain: Mapping[int, RerunResult], verdicts: dict[int, Verdict]
) -> Rounds:
    """The re-runs after the plain run.

    - Tests that failed in it too and have not run alone do so now.
    - If the workers had overlays, tests that passed in it run beside others once more: if they pass there too, they
      failed by chance. Many do not fail by chance.
    """
    yield from _alone_now(doubts, plain, verdicts)
    if doubts.has_overlays and doubts.workers > 1:
        yield from _beside_others_again(doubts, run, plain, verdicts)


def _alone_now(doubts: Doubts, plain: Mapping[int, RerunResult], verdicts: dict[int, Verdict]) -> Rounds:
    left = doubts.tests - doubts.alone.keys() - verdicts.keys()
    tried = {index: doubts.failed[index] for index in left if doubts.had_overlays or index in plain}
    if not tried:
        return
    found = dict((yield _each_alone(_sample(doubts, tried))))
    if rest := [index for index in tried if index not in found]:
        found |= yield _each_alone(rest, is_spare=True)
    doubts.alone |= found
    for index, seen in found.items():
        verdicts[index] = Verdict("fails" if seen.is_bad else "passes_alone", _other(doubts, plain, index))


def _other(doubts: Doubts, plain: Mapping[int, RerunResult], index: int) -> RerunResult | None:
    """What a failing test did in the plain run, if it failed there with another failure."""
    return plain[index] if index in plain and plain[index].failure != doubts.failed[index] else None


def _beside_others_again(
    doubts: Doubts, run: Repeatable, plain: Mapping[int, RerunResult], verdicts: dict[int, Verdict]
) -> Rounds:
    missing = {index for index in doubts.tests & verdicts.keys() if verdicts[index].kind == "needs_others"}
    if not 0 < len(missing) <= _FEW:
        return
    batches = (tuple(index for index in batch if index not in doubts.alone) for batch in run.beside(missing))
    beside = yield Round("beside others", tuple(filter(None, batches)), doubts.workers)
    is_shared = any(seen.is_bad for index, seen in beside.items() if index in missing or index not in doubts.failed)
    if not is_shared:
        verdicts |= {index: Verdict("flaky", plain[index]) for index in missing & beside.keys()}


def _each_alone(indexes: Iterable[int], *, is_spare: bool = False) -> Round:
    return Round("alone", tuple((index,) for index in indexes), is_spare=is_spare)


def _sample(doubts: Doubts, tests: Iterable[int]) -> list[int]:
    """The first tests of those whose failures look alike."""
    by_look: dict[object, list[int]] = defaultdict(list)
    for index in sorted(tests):
        by_look[doubts.look(index)].append(index)
    each = max(1, min(_SAMPLE, _MOST_SAMPLES // max(1, len(by_look))))
    return sorted(index for indexes in by_look.values() for index in indexes[:each])
