"""The suite probe's plugin while tests run: in a forked child, or in the process that has collected them."""

from __future__ import annotations

import faulthandler
import os
import tempfile

from ...wire.layout import CALL, IDLE, PHASES, SETUP, TEARDOWN
from .capture import ORDINARY, Result, describe, fixture_of, identify, link_of, reason_of, tail_of, unraised
from .channel import Pids, as_sent, mark_descendants
from .collecting import Collecting, root_of
from .stack_timer import StackTimer
from .state_work import StateWork, Unheard
from .temporary import bring_back_temporary_folders

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Generator, Iterator, List, Optional, Set, Tuple

    from ...wire.collecting import Link, OutcomeName, PhaseName
    from .channel import Control


class Working(Collecting):
    """The part that runs tests, in a forked child or in the process that has collected them."""

    def __init__(self, pytest: Any, request: Dict[str, Any], control: Control) -> None:
        Collecting.__init__(self, pytest, request, control)
        self._positions: Dict[str, int] = {}
        self._item: Any = None
        self._call: Any = None
        self._result: Any = None
        self._phase = SETUP
        self._measuring = request["measuring"]
        self._known: Set[str] = set()  # ids of failures that kit has from this process
        self._state = StateWork(request["root"])
        self._timer: Any = None  # of stacks

    def _work(self) -> None:
        """Run batches until there are no more, or until pytest cannot go on in this process."""
        if self._measuring is not None:
            self._measuring.resume()
        bring_back_temporary_folders(self._config)
        self._leave_the_terminal()
        if self._asks_for_names:
            self._introduce(self._config)
        mark_descendants(self._board.slot)
        self._pids = Pids()
        faulthandler.enable(file=self._stacks)
        if "stack_after_s" in self._request:
            self._timer = StackTimer(self._stacks, self._request["stack_after_s"])
        self._state.resume()
        assigned = self._assigned()
        current = next(assigned, None)
        while current is not None:
            coming = next(assigned, None)
            self._state.before(current[0], self._channel.send)
            can_go_on = self._run(*current, coming[1] if coming else None)
            following = file_of(coming[1]) if coming and can_go_on else ""
            self._state.after(current[0], file_of(current[1]), following, self._channel.send)
            if not can_go_on:
                break
            if self._measuring is not None and self._measuring.keep():
                self._channel.send({"kind": "measured"})
            current = coming
        self._board.begin(-1, IDLE)
        self._warnings.tell_counts(self._channel.send)
        if self._measuring is not None and self._measuring.end():
            self._channel.send({"kind": "measured"})
        self._channel.send({"kind": "bye"})
        self._channel.receive()  # kit looks at what the tests have left behind, as long as it is below this process

    def _leave_the_terminal(self) -> None:
        """Discard output that pytest does not capture; from now on its capture files are this process's own."""
        plugins = self._config.pluginmanager
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        capture = plugins.get_plugin("capturemanager")
        for stream in streams_of(capture):
            own_file(stream, nowhere)
        os.close(nowhere)
        reporter = plugins.get_plugin("terminalreporter")
        if reporter is not None:
            plugins.unregister(reporter)
            plugins.register(Silent(reporter), "terminalreporter")

    def _assigned(self) -> Iterator[Tuple[int, Any]]:
        """``(index, item)`` of every test that kit hands out."""
        while True:
            self._channel.send({"kind": "pull"})
            answer = self._channel.receive()
            if answer is None or not answer["batch"]:
                return
            if "names" in answer:
                self._state.answer(answer, self._items, self._channel.send, self._outcome_in_a_fork(answer["batch"]))
            for index, nodeid in answer["batch"]:
                item = self._find(index, nodeid)
                if item is None:
                    self._send_finished(index, "not_run", reason="it was not collected again in a fresh process")
                else:
                    yield index, item

    def _find(self, index: int, nodeid: str) -> Any:
        """The item, also in a process that has collected in another order than the first one."""
        if index < len(self._items) and as_sent(self._items[index].nodeid) == nodeid:
            return self._items[index]
        if not self._positions:  # not before it is needed: to look at every item takes memory that children share
            for at, item in enumerate(self._items):
                self._positions.setdefault(as_sent(item.nodeid), at)
        position = self._positions.get(nodeid)
        return None if position is None else self._items[position]

    def _run(self, index: int, item: Any, following: Any) -> bool:
        """Run one test and send its outcome; whether this process can go on."""
        self._item, self._result, self._phase = item, Result(), SETUP
        self._board.begin(index, SETUP)
        if self._timer is not None:
            self._timer.begin()
        started, has_ended = self._clock(), False
        try:
            self._config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException as error:
            has_ended = True
            self._take_the_end(error)
        seconds = self._clock() - started
        if self._timer is not None:
            self._timer.end()
        result, self._item, self._result, self._call = self._result, None, None, None
        if result.outcome is None:
            result.outcome, result.reason = "not_run", "pytest reported no outcome for it"
        self._send_finished(index, result.outcome, result.phase, result.reason, result.failure, seconds, result.phases)
        if not has_ended and not item.session.shouldstop and not item.session.shouldfail:
            return True
        self._board.begin(-1, TEARDOWN)
        try:
            self._config.hook.pytest_runtest_teardown(item=item, nextitem=None)
        except BaseException:
            return False  # its fixtures were torn down before, or cannot be
        return False

    def _outcome_in_a_fork(self, batch: List[Any]) -> Callable[[int], str]:
        """Runs a test of this batch in a child that was forked for it, and returns its outcome."""
        nodeids = dict(batch)

        def run(index: int) -> str:
            self._channel: Any = Unheard()
            self._run(index, self._find(index, nodeids[index]), None)
            return str(self._channel.outcome)

        return run

    def _take_the_end(self, error: BaseException) -> None:
        """An exception has left pytest's protocol: one that means to end the run, or an error of pytest or a plugin."""
        outcome = "failed" if self._phase == CALL else "error"
        if isinstance(error, self._pytest.exit.Exception):
            reason = "pytest.exit would have ended the run"
        elif isinstance(error, KeyboardInterrupt):
            reason = "KeyboardInterrupt would have ended the run"
        else:
            reason, outcome = "pytest failed with an internal error", "error"
        if self._result.is_changed_by(outcome):
            phase: Any = PHASES[self._phase]
            self._result.take(outcome, phase, reason, self._send_failure(phase, describe(error)))

    def pytest_runtest_setup(self) -> None:
        self._enter(SETUP)

    def pytest_runtest_call(self) -> None:
        self._enter(CALL)

    def pytest_runtest_teardown(self) -> None:
        self._enter(TEARDOWN)

    def _enter(self, phase: int) -> None:
        self._channel.guard()
        self._phase = phase
        self._board.phase(phase)

    def pytest_runtest_makereport(self, call: Any) -> Generator[None, Any, None]:
        self._channel.guard()
        self._call = call  # read when the report is there: unittest's plugin puts the exception in only afterwards
        yield

    def pytest_runtest_logreport(self, report: Any) -> None:
        call, self._call, result = self._call, None, self._result
        if result is None:
            return
        result.phases.append(round(report.duration, 4))
        if report.outcome == "rerun":
            result.clear()
            return
        status = self._config.hook.pytest_report_teststatus(report=report, config=self._config)
        category = status[0] if status else ""
        if report.failed:  # read only now: the status of a test with failed subtests makes it fail
            outcome = "failed" if report.when == "call" else "error"
            if result.is_changed_by(outcome):
                result.take(outcome, report.when, reason_of(report), self._failure_of(report, call))
        elif category and not type(report).__name__.lower().startswith("subtest"):
            outcome = category if category in ORDINARY else "skipped" if report.skipped else "passed"
            result.take(outcome, report.when, reason_of(report))

    def _failure_of(self, report: Any, call: Any) -> str:
        """Send what is behind a failed report; the id under which kit knows it."""
        excinfo = call.excinfo if call is not None else None
        if excinfo is None:
            return self._send_failure(report.when, unraised(report.longreprtext), None, tail_of(report))
        chain = describe(excinfo.value, excinfo.tb)
        if not isinstance(self._item, self._pytest.Function) and not hasattr(report.longrepr, "reprcrash"):
            # an item that tells of its failures in its own way: a doctest's exception says nothing, its report does
            chain[0].update(link_of(chain[0]["type"], report.longreprtext, chain[0]["frames"]))
        if chain[0]["type"] == "FixtureLookupError":  # raised by pytest, for a test that stands elsewhere
            path, line, _ = self._item.location
            chain[0]["frames"] = [(os.path.join(root_of(self._config), path), (line or 0) + 1, self._item.name)]
        fixture = fixture_of(excinfo.tb) if report.when != "call" else None
        return self._send_failure(report.when, chain, fixture, tail_of(report))

    def _send_failure(self, phase: PhaseName, chain: List[Link], fixture: Optional[str] = None, tail: str = "") -> str:
        identity = identify(phase, fixture, chain)
        if identity not in self._known:
            self._known.add(identity)
            self._channel.send(
                {"kind": "failure", "id": identity, "phase": phase, "fixture": fixture, "chain": chain, "tail": tail}
            )
        return identity

    def _send_finished(
        self,
        index: int,
        outcome: OutcomeName,
        phase: Optional[PhaseName] = None,
        reason: Optional[str] = None,
        failure: Optional[str] = None,
        seconds: Optional[float] = None,
        phases: Optional[List[float]] = None,
    ) -> None:
        self._channel.send(
            {
                "kind": "finished",
                "index": index,
                "outcome": outcome,
                "phase": phase,
                "reason": reason,
                "failure": failure,
                "seconds": seconds,
                "phases": phases or [],
                "newest_pid": self._pids.newest(),
            }
        )

    def pytest_timeout_set_timer(self, settings: Any) -> Optional[bool]:
        """pytest-timeout's thread ends the whole process at the first time-out; its signal is a failure like others."""
        return True if getattr(settings, "method", "") == "thread" else None


def file_of(item: Any) -> str:
    return str(item.nodeid.partition("::")[0])


def streams_of(capture: Any) -> List[Any]:
    """pytest's captures of descriptors: others hold what they capture in memory."""
    every = getattr(capture, "_global_capturing", None)
    streams = (getattr(every, name, None) for name in ("in_", "out", "err"))
    return [stream for stream in streams if hasattr(stream, "targetfd_save") and hasattr(stream, "tmpfile")]


def own_file(stream: Any, nowhere: int) -> None:
    """Let a suspended capture write into a file that no other process has. The objects stay the same, and open: what
    was imported may have kept ``sys.stdout`` as it was then.
    """
    os.dup2(nowhere, stream.targetfd_save, False)
    if stream.targetfd and not stream.tmpfile.closed:
        with tempfile.TemporaryFile(buffering=0) as file:
            os.dup2(file.fileno(), stream.tmpfile.fileno(), False)


class Silent:
    """Replaces the terminal reporter: its attributes can still be read, but pytest no longer calls its hooks."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reporter, name)
