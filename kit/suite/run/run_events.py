"""What is recorded while tests run: of each test once, and of what they do at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from kit.facts.failures import Failure, Phase
from kit.facts.suite import Outcome
from kit.suite.process.board import Current
from kit.suite.process.messages import Broken, FailureSeen, Finished, WarningRaised
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.rechecking import RerunResult, Verdict

#: what is written of a test that did not come to its end, by its outcome, as if it were an exception
_STACK_TYPES = {"timed_out": "Timeout", "crashed": "Crash"}


class RunEvents:
    """Turns what the probe says, and what kit sees from outside, into events of one run. ``names`` are the tests'."""

    def __init__(self, recorder: Recorder, reader: FailureReader, names: tuple[str, ...]) -> None:
        self._recorder, self._reader, self._names = recorder, reader, names
        self._failures: dict[str, str] = {}  # the probe's ids to those of the facts, which hold no path of the copy
        self._told_failures: set[str] = set()
        self._called_slow: set[int] = set()
        self._collected: dict[int, RerunResult] | None = None
        self._round: dict[str, object] = {}

    def collect_results(self, into: dict[int, RerunResult]) -> None:
        """From now on results are no events, but are put there: tests are run once more."""
        self._collected = into

    def failure(self, seen: FailureSeen) -> None:
        """A failure as the probe describes it."""
        if seen.id not in self._failures:
            failure = self._reader.failure(seen.chain, seen.phase, seen.fixture, seen.tail)
            self._failures[seen.id] = failure.id
            self._tell_failure(failure)

    def error(self, broken: Broken) -> str:
        """The exception because of which a child could not begin, in one line."""
        raised = self._reader.failure(broken.chain, "setup").raised
        return f"{raised.type}: {raised.message}"

    def warning(self, raised: WarningRaised) -> None:
        """A warning of the target's code; what is run once more warns once more, which is no news."""
        if self._collected is None:
            self._recorder.say("warning", **self._reader.warning(raised))

    def finished(self, test: Finished, slot: int) -> None:
        """A test has ended by itself."""
        result = RerunResult(
            outcome=test.outcome,
            phase=test.phase,
            seconds=None if test.seconds is None else round(test.seconds, 4),
            failure=None if test.failure is None else self._failures.get(test.failure),
            reason=None if test.reason is None else self._reader.text(test.reason),
        )
        self._tell_result(test.index, result, worker=slot + 1, phases=test.phases)

    def ended(self, index: int, current: Current, outcome: Outcome, reason: str, stack: str = "") -> None:
        """A test was ended, or has ended its process; ``stack`` is where it was, if that is known."""
        phase = current.phase or "call"
        failure = self._reader.from_stack(_STACK_TYPES[outcome], reason, phase, stack) if stack else None
        if failure:
            self._tell_failure(failure)
        identity = failure.id if failure else None
        self._tell_result(index, RerunResult(outcome, phase, round(current.seconds, 4), identity, reason))

    def rechecked(self, index: int, was: Outcome, verdict: Verdict) -> None:
        """A failing test, whose outcome ``was`` another, was run once more."""
        changes = asdict(verdict.instead) if verdict.instead else {}
        if changes and changes["failure"] is None:
            del changes["failure"]  # what was seen beside others stays the evidence
        self._recorder.say("rechecked", nodeid=self._names[index], was=was, alone=verdict.kind, **changes)

    def rechecking(self, title: str, tests: int) -> None:
        """So many tests are about to be run once more."""
        self._round = {"how": title, "tests": tests}
        self._recorder.say("rechecking", **self._round)

    def shared_state(self, what: str) -> None:
        """Tests share something outside of their processes."""
        self._recorder.say("shares", what=what)

    def overlays(self, why_not: str | None = None) -> None:
        """Workers have copy-on-write overlays; ``why_not`` is given when these do not help."""
        self._recorder.say("views", help=why_not is None, why=why_not)

    def no_overlay(self, why: str) -> None:
        """One of the workers could not have it."""
        self.overlays(f"a worker had to do without: {why}")

    def is_called_slow(self, index: int) -> bool:
        """Whether that was said of this test."""
        return index in self._called_slow

    def slow(self, index: int, current: Current, stack: str) -> None:
        """A test takes long, and here it is at the moment."""
        self._called_slow.add(index)
        phase: Phase = current.phase or "call"
        frames = self._reader.from_stack("Slow", "", phase, stack).raised.frames if stack else ()
        self._recorder.say(
            "slow", nodeid=self._names[index], phase=phase, seconds=round(current.seconds, 1), frames=frames
        )

    def running(self, tests: Mapping[int, Current]) -> None:
        """What each worker's slot runs, and when that is once more, how many have done so."""
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

    def _tell_result(self, index: int, result: RerunResult, **more: object) -> None:
        if self._collected is not None:
            self._collected[index] = result
        else:
            self._recorder.say("finished", nodeid=self._names[index], **vars(result), **more)

    def leaked(self, left: Mapping[int, tuple[str, ...]]) -> None:
        """Processes that tests have left behind, by the test's index."""
        for index, processes in sorted(left.items()) if self._collected is None else ():
            self._recorder.say("leaked", nodeid=self._names[index], processes=processes)

    def hangs_at_end(self, limit_s: float, stack: str) -> None:
        """All tests were done, and pytest's process did not end: a hook of the target's, or an exit handler, hangs."""
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
        """The lines that the tests of this worker's process have run are on the disk."""
        self._recorder.say("measured", worker=slot + 1)

    def child(self, slot: int, state: str, reason: str | None = None) -> None:
        """A worker's process is ``started``, ``done`` or ``lost``."""
        self._recorder.say("child", worker=slot + 1, state=state, reason=reason)

    def _tell_failure(self, failure: Failure) -> None:
        if failure.id not in self._told_failures:
            self._told_failures.add(failure.id)
            self._recorder.say("failure", failure=failure)
