"""The re-checks of a run: why did each failing test fail? Verdicts are recorded as soon as they are known."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kit.facts.failures import Failure
from kit.facts.suite import RecheckVerdict, SuiteFacts, TestResult
from kit.suite.options import RunOptions
from kit.suite.process.outcomes import may_share_reason, overlays_reason, shared_state_reason
from kit.suite.run.alike import kind_of, look_of, way_of
from kit.suite.run.execution_log import ExecutionLog
from kit.suite.run.rechecking import Doubts, RerunResult, Round, Rounds, Verdict, rounds_after, rounds_before, settle
from kit.suite.run.rerunning import Rerunning
from kit.suite.run.run_events import RunEvents

#: the outcomes that are run once more: why a test crashed or timed out is known
_RECHECKED = ("failed", "error")

#: how much of the run's own time a spare round may take, and how many times this time it may need at most: of far
#: more tests, the few that there is time for tell nothing
_SPARE, _FAR_MORE = 0.1, 10

#: how many of the files that tests share are named, at most
_MOST_FILES = 3
#: more tests than this do not fail by chance in one run
_MOST_BY_CHANCE = 10

_DATABASE, _SQLITE_BESIDE = re.compile(r"\.(db|sqlite3?)$"), re.compile(r"-(journal|wal|shm)$")


class Rechecks:
    """Runs the failures once more, before and after the plain run that settles those in doubt."""

    def __init__(
        self,
        options: RunOptions,
        events: RunEvents,
        rerunning: Rerunning,
        facts: SuiteFacts,
        execution_log: ExecutionLog,
        took_s: float,
        ends_at: float,
        *,
        has_overlays: bool = False,
        overlays_work: Callable[[], bool] = lambda: False,
        failures_now: Callable[[], Mapping[str, Failure]] = dict,
    ) -> None:
        """``took_s`` is how long the run took; at the moment ``ends_at`` it has to be over. ``has_overlays``: workers
        have them in this session; ``overlays_work`` tells whether the next run can have them. ``failures_now`` has also
        those of tests that were run once more.
        """
        self._overlays_work, self._failures_now = overlays_work, failures_now
        self._events, self._rerunning, self._facts, self._log = events, rerunning, facts, execution_log
        self._spare_s, self._ends_at = _SPARE * took_s, ends_at
        self._left_s, self._each_s = options.recheck_s, 0.0
        self._verdicts = {index: Verdict(result.alone) for index, result in _unsettled(facts) if result.alone}
        self._found = _Verdicts(events, facts.results, self._verdicts)
        failed = dict(_not_rechecked(facts))
        early = torn_early(failed, execution_log.ended_as_plain)
        known = {index: _known(options, result) for index, result in failed.items() if index not in early}
        self._found.note({index: alone for index, alone in known.items() if alone})
        left = {index: result.failure for index, result in failed.items() if index not in self._verdicts}
        self._doubts = Doubts(left, options.most_workers, facts.views is not None, has_overlays, early)
        self._doubts.looks = {identity: look_of(failure) for identity, failure in facts.failures.items()}

    @property
    def untried(self) -> list[int]:
        """The failing tests that there was no time to run alone, and that no plain run has to settle."""
        known = self._verdicts.keys() | self._doubts.tests
        return [index for index in self._doubts.failed if index not in known]

    @property
    def undecided(self) -> frozenset[int]:
        """Those of the :attr:`untried` tests of which no other test that fails like them has run alone either."""
        tried = set(map(self._doubts.look, self._doubts.alone))
        return frozenset(index for index in self.untried if self._doubts.look(index) not in tried)

    @property
    def passing_alone(self) -> list[int]:
        """The tests that pass alone and fail after others."""
        return [index for index, verdict in self._verdicts.items() if verdict.kind == "passes_alone"]

    @property
    def failing_alone(self) -> frozenset[int]:
        """The tests that fail alone, too."""
        return frozenset(index for index, verdict in self._verdicts.items() if verdict.kind == "fails")

    @property
    def corrected(self) -> frozenset[int]:
        """The tests that count with another result than they had at first."""
        return frozenset(index for index, verdict in self._verdicts.items() if verdict.instead)

    @property
    def needs_all(self) -> bool:
        """Whether a plain run of all tests is needed: only that tears everything down at the right moment."""
        return not self._doubts.torn_early.isdisjoint(self._doubts.tests)

    @property
    def in_file(self) -> frozenset[int]:
        """The tests that a plain run of their own file settles."""
        return frozenset(self._doubts.in_file)

    @property
    def needing_others(self) -> list[int]:
        """The tests that passed in plain order twice, where they see what others have changed."""
        kinds = ((index, self._verdicts.get(index)) for index in self._doubts.in_order)
        return [index for index, verdict in kinds if verdict and verdict.kind == "needs_others"]

    def begin(self, in_order: Mapping[int, RerunResult]) -> frozenset[int]:
        """Run failing tests alone; those that a plain run has to settle. ``in_order`` is what tests did that ran in
        plain order once more already.
        """
        self._doubts.in_order = in_order
        self._run(rounds_before(self._doubts, self._log, self._verdicts))
        if self._doubts.workers > 1:
            self._doubts.fail_otherwise = frozenset(self._failing_otherwise())
            self._doubts.tests |= self._doubts.fail_otherwise
        return frozenset(self._doubts.tests)

    def _failing_otherwise(self) -> Iterator[int]:
        """The tests that fail alone in another way than beside others: one of both ways may come of the others."""
        doubts = self._doubts
        tried = doubts.alone.keys() - doubts.in_order.keys()
        alone = {index: doubts.alone[index].failure for index in sorted(tried) if doubts.alone[index].is_bad}
        failures = self._failures_now() if alone else {}
        for index, failure in alone.items():
            before, now = failures.get(doubts.failed[index] or ""), failures.get(failure or "")
            if before and now and way_of(before) != way_of(now):
                yield index

    def end(
        self,
        plain: Mapping[int, RerunResult],
        ask_for_objects: Collection[int] = (),
        seeing: frozenset[int] = frozenset(),
    ) -> None:
        """Settle what is in doubt by what tests did in a plain run. Those that ``ask_for_objects`` did it unwatched,
        those ``seeing`` have seen a state that others change.
        """
        self._doubts.seeing = seeing
        self._doubts.ask_for_objects = frozenset(ask_for_objects)
        settle(self._doubts, self._log, plain, self._verdicts, self._share)
        self._found.record()
        self._run(rounds_after(self._doubts, self._log, plain, self._verdicts))
        if self._facts.views is None:
            self._record_shared_state()
        else:
            self._judge_overlays()

    def _run(self, planned: Rounds) -> None:
        seen: dict[int, RerunResult] | None = None
        with contextlib.suppress(StopIteration):
            while True:
                wanted = next(planned) if seen is None else planned.send(seen)
                self._found.record()
                seen = self._seen_in(wanted)
        self._found.record()

    def _seen_in(self, wanted: Round) -> dict[int, RerunResult]:
        """The results of the tests of a round that there was time for."""
        began, limit_s, seen = time.monotonic(), self._left_s, dict[int, RerunResult]()
        if wanted.is_spare:
            limit_s = min(limit_s, self._spare_s)
            if len(wanted.batches) * self._each_s > _FAR_MORE * limit_s:
                return seen
        for batches in self._rerunning.each_run(wanted, min(began + limit_s, self._ends_at), seen):
            if wanted.title == "alone":
                fail = (index for batch in batches for index in batch if self._fails(index, seen))
                self._found.note(dict.fromkeys(fail, "fails"))
        took_s = time.monotonic() - began
        self._left_s -= took_s
        self._each_s = took_s / max(1, len(seen))
        return seen

    def _fails(self, index: int, seen: Mapping[int, RerunResult]) -> bool:
        """Whether a test that ran alone fails, and not only because it misses the tests before it."""
        if self._doubts.had_overlays or index in self._doubts.torn_early:
            return False
        return index in seen and seen[index].is_bad and not self._log.missed(index)

    def _share(self, indexes: Collection[int]) -> bool:
        """Whether several of these tests write the same file, fail with the same kind of error, or are very many."""
        if self._shared_files(indexes):
            return True
        failures = (self._facts.failures.get(self._facts.results[index].failure or "") for index in indexes)
        kinds = Counter(kind_of(one) for one in failures if one)
        return len(indexes) > _MOST_BY_CHANCE or any(count > 1 for count in kinds.values())

    def _shared_files(self, indexes: Iterable[int]) -> tuple[str, ...]:
        return shared_files(self._rerunning.writes.get(index, frozenset()) for index in indexes)

    def _record_shared_state(self) -> None:
        together = [index for index, verdict in self._verdicts.items() if verdict.kind == "fails_beside_others"]
        by_chance = [one for one in self._verdicts.values() if one.kind == "flaky" and one.instead]
        if together:
            self._events.shared_state(shared_state_reason(len(together), self._shared_files(together)))
        elif by_chance and self._overlays_work():
            self._events.shared_state(may_share_reason(len(by_chance)))

    def _judge_overlays(self) -> None:
        """If overlays make tests fail, or do not keep tests apart, the next run does without them."""
        hindered = sum(verdict.kind == "needs_others" for verdict in self._verdicts.values())
        if hindered:
            self._events.shared_state(overlays_reason(hindered))
            self._events.overlays(overlays_reason(hindered))


def torn_early(failed: Mapping[int, TestResult], ended_as_plain: Callable[[int], bool]) -> frozenset[int]:
    """The tests that failed in a teardown which a plain run may have after other tests: of a fixture that outlives a
    test. Where another test with the same failure ended as in a plain run, it is one of each test.
    """
    torn = {index: result.failure for index, result in failed.items() if result.phase == "teardown"}
    usual = {failure for index, failure in torn.items() if ended_as_plain(index)}
    return frozenset(index for index, failure in torn.items() if failure not in usual)


def _known(options: RunOptions, result: TestResult) -> RecheckVerdict | None:
    """What the test did alone in an earlier run, if it had the same failure there."""
    failure, alone = options.earlier.explained.get(result.nodeid, (None, None))
    return alone if failure == result.failure else None


class _Verdicts:
    """Records each verdict once, and again when it is corrected.

    ``known`` grows. An earlier session has recorded the verdicts that it holds at the start.
    """

    def __init__(self, events: RunEvents, results: Sequence[TestResult], known: dict[int, Verdict]) -> None:
        self._events, self._known, self._recorded = events, known, dict(known)
        self._outcomes = [result.outcome for result in results]

    def record(self) -> None:
        for index, verdict in sorted(self._known.items()):
            if self._recorded.get(index) != verdict:
                self._recorded[index] = verdict
                self._events.rechecked(index, self._outcomes[index], verdict)
                if verdict.instead:
                    self._outcomes[index] = verdict.instead.outcome

    def note(self, found: Mapping[int, RecheckVerdict]) -> None:
        self._known |= {index: Verdict(alone) for index, alone in found.items()}
        self.record()


def shared_files(written: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The files that most tests write, given what each test writes; those that look like a database come first.

    The files that SQLite keeps beside a database for a while count as the database.
    """
    counts = Counter(path for paths in written for path in {_SQLITE_BESIDE.sub("", path) for path in paths})
    several = [path for path, tests in counts.items() if tests > 1]
    several.sort(key=lambda path: (not _DATABASE.search(path), -counts[path], path))
    return tuple(several[:_MOST_FILES])


def not_rechecked(facts: SuiteFacts) -> str:
    """The sentence about failed tests that were not run once more; empty when all were."""
    failed = sum(result.alone is not None or result.outcome in _RECHECKED for result in facts.results)
    left = len(list(_not_rechecked(facts)))
    return f"{left:,} of {failed:,} tests that had failed were not run once more" if left else ""


def _not_rechecked(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """The tests that failed and have no recheck verdict."""
    for index, result in enumerate(facts.results):
        if result.outcome in _RECHECKED and result.alone is None:
            yield index, result


def _unsettled(facts: SuiteFacts) -> Iterator[tuple[int, TestResult]]:
    """The tests that fail only beside others, if an earlier session ended before it recorded that they share state."""
    for index, result in enumerate(facts.results):
        if result.alone == "fails_beside_others" and facts.shares is None:
            yield index, result
