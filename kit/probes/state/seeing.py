"""Tells which of the changed states a test sees, by the code that it runs.

To look at each call makes a test several times as slow. So a test that has passed runs without that, and where it does
not pass now, it runs once more in a fork, with the look. A look at the states takes as long as many tests do, so it
comes between files, and before a test that failed already: then it may be one of several tests that changed a state.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import logging
import marshal
import re
import sys
import threading

from ..own_files import is_own
from ..system import forks
from .changes import ChangedByTest, ProcessChanges
from .fixtures import OF_FIXTURES
from .held_texts import HeldTexts
from .loggers import LoggerNode
from .names import ANY_NAME
from .reach import UsedByCode
from .readers import names_in
from .restoring import in_a_fork, outcome_without

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Tuple

    from ...wire.commands import StateBatch
    from ...wire.messages import NamedState, StateNamed
    from .watch import StateWatch

#: if a test sees more changed states than this, nobody can tell which of them it depends on
MOST_NAMED = 2

WORD = re.compile(r"\w+")

#: bound before a test can replace them
GET_PROFILE, SET_PROFILE, SET_PROFILE_OF_THREADS = sys.getprofile, sys.setprofile, threading.setprofile
DUMPS, LOADS = marshal.dumps, marshal.loads


class Seeing:
    """Watches the code that some tests run, and follows which states the tests before them have changed."""

    def __init__(self, watch: StateWatch, questions: StateBatch, root: str, run: Callable[[int], str]) -> None:
        """``run`` runs a test once more, in a fork; ``root`` is the folder of the target."""
        self._changes, self._asked, self._root, self._run = ProcessChanges(watch), dict(questions["seen"]), root, run
        self._restored = set(questions["restored"])
        spare = set(questions["spare"]) if forks.CAN_FORK else set()
        self._later = {index for index, outcome in questions["seen"] if outcome == "passed" and index in spare}
        self._apart = set(questions["apart"])
        self._called: Dict[int, Tuple[Any, Any]] = {}
        self._note: Any = None  # the profile function while calls are noted, and the one before
        self._before: Any = None
        self._without: Optional[str] = None

    def begin(self, index: int) -> None:
        """A test is about to run."""
        is_noted = index in self._asked and index not in self._later
        if is_noted or index in self._restored:
            self._changes.look()
        if index in self._restored:
            self._without = outcome_without(self._changes.latest_first(), lambda: self._run(index))
        if is_noted:
            self._note_calls()

    def end(self, index: int, outcome: str, *, is_looked_at: bool) -> Optional[StateNamed]:
        """A test has run: the changed states that it has seen; ``None`` if it was not asked, or passes as before.
        ``is_looked_at``: after it, look at what the tests since the last look have changed.
        """
        self._changes.note(index)
        found = self._named(index, outcome)
        if is_looked_at:
            self._changes.look()
        return found

    def _named(self, index: int, outcome: str) -> Optional[StateNamed]:
        found: Optional[StateNamed] = None
        if index in self._later:
            if outcome != "passed":
                if index in self._apart:
                    self._changes.look(keeps=True)  # also at what it has changed itself: kit leaves that out
                told = in_a_fork(lambda: DUMPS(self._seen_once_more(index)))
                states = LOADS(told) if told else []
                found = {"kind": "state_named", "index": index, "states": states, "without": None, "forks": 1}
        elif index in self._asked:
            self._stop_noting()
            if outcome != "passed" or self._asked[index] != "passed":
                states, without = self._seen(), self._without
                forked = int(without is not None)
                found = {"kind": "state_named", "index": index, "states": states, "without": without, "forks": forked}
            self._called, self._without = {}, None
        return found

    def _seen_once_more(self, index: int) -> List[NamedState]:
        self._note_calls()
        self._run(index)
        self._stop_noting()
        return self._seen()

    def _seen(self) -> List[NamedState]:
        return [one.named() for one in seen(self._changes.latest_first(), self._reach())]

    def _note_calls(self) -> None:
        self._called = {}
        self._note, self._before = noting_calls(self._called), GET_PROFILE()
        SET_PROFILE_OF_THREADS(self._note)
        SET_PROFILE(self._note)

    def _stop_noting(self) -> None:
        if GET_PROFILE() is self._note:  # otherwise the test has left one of its own
            SET_PROFILE(self._before)
        SET_PROFILE_OF_THREADS(None)

    def _reach(self) -> UsedByCode:
        own: Dict[str, bool] = {}
        names: Set[str] = {ANY_NAME}
        every: Dict[int, Any] = {}
        texts: Set[str] = set()
        held = HeldTexts(self._root)
        for code, globals_ in list(self._called.values()):
            path = code.co_filename
            if path not in own:
                own[path] = is_own(path, self._root)
            if own[path]:
                used = names_in(code)
                names |= used
                names.update(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
                texts |= held.of_names(used, globals_)
                every[id(globals_)] = globals_
        return UsedByCode(every.values(), names, texts)


def noting_calls(called: Dict[int, Tuple[Any, Any]]) -> Callable[[Any, str, Any], None]:
    """A profile function that puts the code and the globals of each function into ``called``."""

    def note(frame: Any, event: str, _argument: Any) -> None:  # called for each call and return of a test
        if event == "call" and id(frame.f_code) not in called:
            called[id(frame.f_code)] = frame.f_code, frame.f_globals

    return note


def seen(changes: Iterable[ChangedByTest], reach: UsedByCode) -> List[ChangedByTest]:
    """The changed states on which a test that uses this code depends, as far as the code shows it; else none.

    Caches and counters change in every test, so they count only where nothing else is seen.
    """
    by_rank: Dict[Tuple[int, int], List[ChangedByTest]] = {}
    for one in changes:
        if not reach.names.isdisjoint(one.names) or not reach.texts.isdisjoint(one.names):
            rank = int(not is_reached(one, reach)), restlessness(one)
            by_rank.setdefault(rank, []).append(one)
    best = by_rank[min(by_rank)] if by_rank else []
    return best if len(best) <= MOST_NAMED else []


def is_reached(change: ChangedByTest, reach: UsedByCode) -> bool:
    """Whether the code leads to what holds the state, and not only uses a name that it has."""
    node, key = change.state.node, change.state.key
    if isinstance(node, LoggerNode):
        return id(logging.getLogger(node.name)) in reach.objects or node.name in reach.names
    owner = getattr(node, "owner", None)
    if id(owner) in reach.objects or id(key) in reach.objects:
        return True
    path = change.state.path
    if path.startswith(OF_FIXTURES):
        return not reach.names.isdisjoint(getattr(node, "aliases", ()))
    words = WORD.findall(path[len(path.partition(".")[0]) :])
    is_variable = getattr(node, "path", "") == "os.environ"  # its only name is its own
    return is_variable or (owner is None and bool(words) and words[0] in reach.names)


def restlessness(change: ChangedByTest) -> int:
    """How little a change says: 2 for a cache, 1 for a number that rises, else 0."""
    if change.state.node.__class__.__name__ == "Cache":
        return 2
    before, after = change.before, change.state.after
    return int(type(before) is int and type(after) is int and after > before)
