"""The suite probe's plugin takes batches of tests and runs them: in a forked child, or where they were collected."""

from __future__ import annotations

import copy
import faulthandler

from ...wire.layout import IDLE, SETUP, TEARDOWN
from ..state.fixtures import WIDE
from ..system.process_ids import Pids, mark_descendants
from .capture import ItemResult
from .channel import as_sent
from .exit_handlers import deciding_handlers
from .line_watch import LineWatch
from .reporting import Reporting
from .stack_timer import StackTimer
from .state_work import StateWork, Unheard
from .temporary import bring_back_temporary_folders
from .terminal import leave_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Generator, Iterator, List, Optional, Set, Tuple

    from .channel import Control


class Working(Reporting):
    """The part that runs tests, in a forked child or in the process that has collected them."""

    def __init__(self, pytest: Any, request: Dict[str, Any], control: Control) -> None:
        Reporting.__init__(self, pytest, request, control)
        self._positions: Dict[str, int] = {}
        self._measuring = request["measuring"]
        self._state = StateWork(request["root"], is_on=bool(request.get("watches")))
        self._lines = LineWatch(request["root"])
        self._changes = ""  # the folder with what this process changes in the tree, where it has an overlay
        self._timer: Any = None  # of stacks
        self._outcome = ""  # of the last test that ran
        self._kept: Set[int] = set()  # each set up fixture of the session or a package, by its ``id``
        self._refused: List[str] = []  # how a hook has made the session fail, whatever its tests do

    def _work(self) -> None:
        """Run batches until there are no more, or until pytest cannot go on in this process."""
        if self._measuring is not None:
            self._measuring.resume()
        bring_back_temporary_folders(self._config)
        leave_terminal(self._config)
        if self._asks_for_names:
            self._introduce(self._config)
        mark_descendants(self._board.slot)
        self._pids = Pids()
        faulthandler.enable(file=self._stacks)
        if "stack_after_s" in self._request:
            self._timer = StackTimer(self._stacks, self._request["stack_after_s"])
        self._state.resume(self._changes)
        assigned = self._assigned()
        current, last = next(assigned, None), None
        while current is not None:
            coming = next(assigned, None)
            index, item = current
            if index < 0:  # kit has asked to wait, and to keep what the item needs set up
                if coming is None or coming[1] is not item:
                    self._tear_down(last, coming[1] if coming else None)
            else:
                last = item
                if not self._run_between(index, item, coming):
                    break
            current = coming
        self._board.begin(-1, IDLE)
        self._warnings.tell_counts(self._channel.send)
        if self._measuring is not None and self._measuring.end():
            self._channel.send({"kind": "measured"})
        self._channel.send({"kind": "bye", "exits": [*deciding_handlers(self._request["root"]), *self._refused]})
        self._channel.receive()  # kit looks at what the tests have left behind, as long as it is below this process

    def _run_between(self, index: int, item: Any, coming: Optional[Tuple[int, Any]]) -> bool:
        """Run one test, and do what has to be done before and after it; whether this process can go on."""
        self._state.before(index, item)
        self._lines.begin(index)
        can_go_on = self._run(index, item, coming[1] if coming else None)
        self._lines.end(self._channel.send)
        is_followed = coming is not None and coming[0] >= 0 and can_go_on
        following = file_of(coming[1]) if coming and is_followed else ""
        self._state.after(index, self._outcome, file_of(item), following, self._channel.send)
        if can_go_on and self._measuring is not None and self._measuring.keep():
            self._channel.send({"kind": "measured"})
        return can_go_on

    def _assigned(self) -> Iterator[Tuple[int, Any]]:
        """``(index, item)`` of every test that kit hands out; the index is below 0 where kit hands out none yet, and it
        is known which item would be next.
        """
        is_staying = False
        while True:
            self._channel.send({"kind": "staying", "keeps": bool(self._kept)} if is_staying else {"kind": "pull"})
            answer = self._channel.receive()
            if answer and "lines" in answer:
                self._state.end()
                self._lines.ask(answer["lines"])
            if answer and "names" in answer:
                self._state.answer(answer, self._items, self._channel.send, self._outcome_in_a_fork(answer["batch"]))
            item = self._find(*answer["next"]) if answer and "next" in answer else None
            is_staying = item is not None
            if is_staying:
                yield -1, item
                continue
            if answer is None or not answer["batch"]:
                return
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
        self._item, self._result, self._phase = item, ItemResult(), SETUP
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
        result, self._item, self._result = self._result, None, None
        self._raised.forget()
        if result.outcome is None:
            result.outcome, result.reason = "not_run", "pytest reported no outcome for it"
        self._outcome = result.outcome
        self._send_finished(index, result.outcome, result.phase, result.reason, result.failure, seconds, result.phases)
        if not has_ended and not item.session.shouldstop and not item.session.shouldfail:
            return True
        if item.session.shouldfail:
            self._refused = ["session.shouldfail"]
        self._tear_down(item, None)
        return False

    def _tear_down(self, item: Any, following: Any) -> None:
        """Tear down what is left of the last test that has run, and what the ``following`` one does not need."""
        self._board.begin(-1, TEARDOWN)
        try:
            self._config.hook.pytest_runtest_teardown(item=item, nextitem=following)
        except BaseException:
            return  # its fixtures were torn down before, or cannot be

    def _outcome_in_a_fork(self, batch: List[Any]) -> Callable[[int], str]:
        """Runs a test of this batch in a child that was forked for it, and returns its outcome."""
        nodeids = dict(batch)

        def run(index: int) -> str:
            self._channel: Any = Unheard()
            item = self._find(index, nodeids[index])
            self._run(index, item, copy.copy(item))  # so fixtures that it shares with others are not torn down here
            return str(self._channel.outcome)

        return run

    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, Any, None]:  # noqa: ARG002
        yield
        self._is_set_up(fixturedef)

    def _is_set_up(self, fixture: Any) -> None:
        if fixture.scope in WIDE:
            self._state.set_up(fixture)
            self._kept.add(id(fixture))
            fixture.addfinalizer(lambda: self._kept.discard(id(fixture)))

    def pytest_timeout_set_timer(self, settings: Any) -> Optional[bool]:
        """pytest-timeout's thread ends the whole process at the first time-out; its signal is a failure like others."""
        return True if getattr(settings, "method", "") == "thread" else None


def file_of(item: Any) -> str:
    return str(item.nodeid.partition("::")[0])
