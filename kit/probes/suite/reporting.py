"""The suite probe's plugin while a test runs: what pytest reports of it becomes one outcome, which is sent to kit."""

from __future__ import annotations

import os

from ...wire.layout import CALL, PHASES, SETUP, TEARDOWN
from .capture import LONGEST_TAIL, ORDINARY, describe, fixture_of, identify, link_of, reason_of, tail_of, unraised
from .collecting import CollectingPlugin, root_of
from .command_output import command_output
from .told_as_text import Raised

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Generator, List, Optional, Set

    from ...wire.collecting import Link, OutcomeName, PhaseName
    from ..system.process_ids import Pids
    from .channel import Control


class Reporting(CollectingPlugin):
    """The part that follows one test through its phases. Hooks of pytest are called for ``_item`` alone."""

    def __init__(self, pytest: Any, request: Dict[str, Any], control: Control) -> None:
        CollectingPlugin.__init__(self, pytest, request, control)
        self._pids: Pids  # there is one as soon as this process begins to work
        self._item: Any = None
        self._calls: Dict[str, Any] = {}  # by phase: a plugin may report all phases after the last one
        self._raised = Raised()
        self._result: Any = None
        self._phase = SETUP
        self._known: Set[str] = set()  # ids of failures that kit has from this process

    def pytest_runtest_setup(self) -> None:
        self._enter(SETUP)

    def pytest_runtest_call(self) -> None:
        self._enter(CALL)
        self._raised.follow(self._item)

    def pytest_runtest_teardown(self) -> None:
        self._enter(TEARDOWN)

    def _enter(self, phase: int) -> None:
        self._channel.guard()
        self._phase = phase
        self._board.phase(phase)

    def pytest_runtest_makereport(self, call: Any) -> Generator[None, Any, None]:
        self._channel.guard()
        # read when the report is there: unittest's plugin puts the exception in only afterwards
        self._calls[call.when] = call
        yield

    def pytest_runtest_logreport(self, report: Any) -> None:
        call, result = self._calls.pop(report.when, None), self._result
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

    def _failure_of(self, report: Any, call: Any) -> str:
        """Send what is behind a failed report; the id under which kit knows it."""
        excinfo = call.excinfo if call is not None else None
        if excinfo is None:
            return self._send_failure(report.when, unraised(report.longreprtext), None, tail_of(report))
        raised = self._raised.behind(excinfo.value)
        chain = describe(raised) if raised is not None else describe(excinfo.value, excinfo.tb)
        if not isinstance(self._item, self._pytest.Function) and not hasattr(report.longrepr, "reprcrash"):
            # an item that tells of its failures in its own way: a doctest's exception says nothing, its report does
            chain[0].update(link_of(chain[0]["type"], report.longreprtext, chain[0]["frames"]))
        if chain[0]["type"] == "FixtureLookupError":  # raised by pytest, for a test that stands elsewhere
            path, line, _ = self._item.location
            chain[0]["frames"] = [(os.path.join(root_of(self._config), path), (line or 0) + 1, self._item.name)]
        fixture = fixture_of(excinfo.tb) if report.when != "call" else None
        tail = "\n".join(filter(None, (tail_of(report), command_output(excinfo.value, LONGEST_TAIL))))
        return self._send_failure(report.when, chain, fixture, tail[-LONGEST_TAIL:])

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
