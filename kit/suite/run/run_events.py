"""Records the events of a run: the result of each test, and what the workers run at the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from kit.facts.failures import Failure, Phase
from kit.facts.outcomes import Outcome
from kit.facts.shared_state import StateChange
from kit.suite.process.board import Current
from kit.suite.process.messages import Broken, FailureSeen, Finished, WarningRaised
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.rechecking import RerunResult, Verdict

#: a test that did not end by itself is recorded like one that raised an exception of this type, by its outcome
_STACK_TYPES = {"timed_out": "Timeout", "crashed": "Crash"}


class RunEvents:
    """Makes events of the messages of the probe and of what kit observes. ``names`` are the node ids of the tests."""

    def __init__(self, recorder: Recorder, reader: FailureReader, names: tuple[str, ...]) -> None:
        self._recorder, self._reader, self._names = recorder, reader, names
        self._failures: dict[str, str] = {}  # ids of the probe to ids of the facts, which contain no path of the copy
        self._recorded_failures: set[str] = set()
        self._called_slow: set[int] = set()
        self._collected: dict[int, RerunResult] | None = None
        self._round: dict[str, object] = {}

    def collect_results(self, into: dict[int, RerunResult]) -> None:
        """From now on tests are run once more: put their results into this mapping, and record no events of them."""
        self._collected = into

    def failure(self, seen: FailureSeen) -> None:
        """Record a failure as the probe describes it."""
        if seen.id not in self._failures:
            failure = self._reader.failure(seen.chain, seen.phase, seen.fixture, seen.tail)
            self._failures[seen.id] = failure.id
            self._record_failure(failure)

    def error(self, broken: Broken) -> str:
        """The exception that kept a worker from starting, in one line."""
        raised = self._reader.failure(broken.chain, "setup").raised
        return f"{raised.type}: {raised.message}"

    def warning(self, raised: WarningRaised) -> None:
        """Record a warning of the target's code; not during re-runs, which repeat known warnings."""
        if self._collected is None:
            self._recorder.say("warning", **self._reader.warning(raised))

    def finished(self, test: Finished, slot: int) -> None:
        """Record the result of a test that has ended by itself."""
        result = RerunResult(
            outcome=test.outcome,
            phase=test.phase,
            seconds=None if test.seconds is None else round(test.seconds, 4),
            failure=None if test.failure is None else self._failures.get(test.failure),
            reason=None if test.reason is None else self._reader.text(test.reason),
        )
        self._record_result(test.index, result, worker=slot + 1, phases=test.phases)

    def ended(self, index: int, current: Current, outcome: Outcome, reason: str, stack: str = "") -> None:
        """Record a test that kit has ended, or that has ended its process; ``stack`` is where it was, if known."""
        phase = current.phase or "call"
        failure = self._reader.from_stack(_STACK_TYPES[outcome], reason, phase, stack) if stack else None
        if failure:
            self._record_failure(failure)
        identity = failure.id if failure else None
        self._record_result(index, RerunResult(outcome, phase, round(current.seconds, 4), identity, reason))

    def rechecked(self, index: int, was: Outcome, verdict: Verdict) -> None:
        """Record the verdict on a failing test. ``was`` is its outcome before."""
        changes = asdict(verdict.instead) if verdict.instead else {}
        if changes and changes["failure"] is None:
            del changes["failure"]  # the failure beside other tests stays as evidence
        self._recorder.say("rechecked", nodeid=self._names[index], was=was, alone=verdict.kind, **changes)

    def rechecking(self, title: str, tests: int) -> None:
        """Record that this number of tests is about to be run once more."""
        self._round = {"how": title, "tests": tests}
        self._recorder.say("rechecking", **self._round)

    @property
    def is_rerunning(self) -> bool:
        """Whether tests are run once more."""
        return self._collected is not None

    def restarted(self, indexes: Sequence[int]) -> None:
        """Record starts of tests that ``finished`` does not tell of."""
        if indexes:
            self._recorder.say("restarted", nodeids=[self._names[index] for index in indexes])

    def shared_state(self, what: str) -> None:
        """Record that tests share state outside of their processes."""
        self._recorder.say("shares", what=what)

    def polluted(self, index: int, instead: str, polluters: Sequence[int], states: Sequence[StateChange]) -> None:
        """Record that the outcome of a test comes of states that the ``polluters`` change."""
        self._recorder.say(
            "polluted",
            victim=self._names[index],
            instead=instead,
            polluters=[self._names[one] for one in polluters],
            states=[
                StateChange(self._reader.text(one.path), self._reader.text(one.before), self._reader.text(one.after))
                for one in states
            ],
        )

    def state_settled(self, answers: Sequence[int]) -> None:
        """Record which changed states make no difference to which tests, for the next run."""
        self._recorder.say("state_settled", answers=answers)

    def state_watch(self, what: str) -> None:
        """Record what the watch of shared state could not do."""
        self._recorder.say("state_watch", what=what)

    def overlays(self, why_not: str | None = None) -> None:
        """Record that workers have copy-on-write overlays, or why these do not help."""
        self._recorder.say("views", help=why_not is None, why=why_not)

    def no_overlay(self, why: str) -> None:
        """Record that a worker could not get an overlay."""
        self.overlays(f"a worker had to do without: {why}")

    def is_called_slow(self, index: int) -> bool:
        """Whether this test was recorded as slow."""
        return index in self._called_slow

    def slow(self, index: int, current: Current, stack: str) -> None:
        """Record that a test takes long, with its present stack."""
        self._called_slow.add(index)
        phase: Phase = current.phase or "call"
        frames = self._reader.from_stack("Slow", "", phase, stack).raised.frames if stack else ()
        self._recorder.say(
            "slow", nodeid=self._names[index], phase=phase, seconds=round(current.seconds, 1), frames=frames
        )

    def running(self, tests: Mapping[int, Current]) -> None:
        """Record what each worker runs, and during re-runs how many tests are done."""
        if self._collected is not None:
            self._recorder.say("rerun", done=len(self._collected), **self._round)
        self._recorder.say(
            "running",
            tests=[
                {
                    "worker": slot + 1,
                    "nodeid": self._names[current.index],
                    "phase": current.phase,
                    "seconds": round(current.seconds, 1),
                }
                for slot, current in sorted(tests.items())
                if current.index is not None
            ],
        )

    def _record_result(self, index: int, result: RerunResult, **more: object) -> None:
        if self._collected is not None:
            self._collected[index] = result
        else:
            self._recorder.say("finished", nodeid=self._names[index], **vars(result), **more)

    def leaked(self, left: Mapping[int, tuple[str, ...]]) -> None:
        """Record the processes that tests have left behind, by the index of the test."""
        for index, processes in sorted(left.items()) if self._collected is None else ():
            self._recorder.say("leaked", nodeid=self._names[index], processes=processes)

    def hangs_at_end(self, limit_s: float, stack: str) -> None:
        """Record that pytest did not end after the last test: a hook or an exit handler of the target hangs."""
        frames = self._reader.from_stack("Timeout", "", "teardown", stack).raised.frames
        place = next((frame for frame in reversed(frames) if frame.owner != "library"), None)
        where = f", it hangs in {place.function}" if place else ""
        self._recorder.say(
            "warning",
            category="Timeout",
            message=f"pytest did not end within {limit_s:g} s after its last test{where}",
            path=place.path if place else None,
            line=place.line if place else None,
            nodeid=None,
            count=1,
        )

    def measured(self, slot: int) -> None:
        """Record that the coverage data of this worker is on the disk."""
        self._recorder.say("measured", worker=slot + 1)

    def child(self, slot: int, state: str, reason: str | None = None) -> None:
        """Record that a worker is ``started``, ``done`` or ``lost``."""
        self._recorder.say("child", worker=slot + 1, state=state, reason=reason)

    def _record_failure(self, failure: Failure) -> None:
        if failure.id not in self._recorded_failures:
            self._recorded_failures.add(failure.id)
            self._recorder.say("failure", failure=failure)
