"""Looks at the state that tests share in one process, and reports what they left changed.

A look compares what modules hold and the state of the process with the last look, container by container, by identity.
It costs milliseconds, so looks come between test files, and no more often than a share of the process's time allows:
what several files have changed is then seen by one look.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import time
import types
from operator import is_not

from .classes import subclasses_of
from .collectors import Collectors
from .databases import DatabasesInMemory
from .files import Files
from .fixtures import Fixtures
from .library_patches import LibraryPatches
from .modules import ImportedModules
from .names import OF_RUNNERS
from .own_threads import threads_of
from .process import Process, States
from .process_states import between_tests
from .temporary_folders import TemporaryFolders
from .values import MISSING, is_a
from .walking import StateWalk

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Iterator, List, Optional, Set

    from ...wire.messages import ChangedState, StateChanged
    from .nodes import ChangedEntry


#: how much of a process's CPU time looks may take, and how much in any case, in seconds
SHARE, GRACE = 0.02, 0.01

#: how many changed states one look reports
MOST_REPORTED = 300

#: attributes that libraries and Python itself make when they are first needed
GENERATED = ("__slotnames__", "__warningregistry__", "_static_cache_key", "_new_mappers", "__abstractmethods__")
GENERATED_BEGIN = ("_generated_", "@", "_pytest", "__pytest")

#: what runners tell a worker of itself, and what it tells them
OF_WORKERS = ("workerinput", "workeroutput")


#: bound before a test can replace them
COLLECTS, STOP_COLLECTING, START_COLLECTING = gc.isenabled, gc.disable, gc.enable


class StateWatch:
    """The watch of one process; a forked child goes on from what its parent has seen."""

    def __init__(self, root: str) -> None:
        """``root`` is the folder of the target."""
        self._files = Files(root)
        self._walk = StateWalk(root)
        self._process = Process([subclasses_of(self._walk.classes), threads_of(self._walk.own)])
        self._between = States(between_tests())
        self._fixtures, self._databases = Fixtures(root, self._walk), DatabasesInMemory()
        self._collectors = Collectors(root, self._walk)
        self._folders, self._imported = TemporaryFolders(), ImportedModules()
        self._patches = LibraryPatches(root, self._walk.own)
        self._clock = time.process_time  # bound before a test can replace it
        self._modules: Set[str] = set()
        self._spent, self._expected = 0.0, 0.0
        self._tests: List[int] = []  # those since the last look
        self._skipped = 0
        self._of_the_past: List[ChangedEntry] = []  # what was seen before fixtures were torn down
        self._is_ending = False
        self._has_looked_back = False  # whether there was a look before a fixture was torn down since the last report

    @property
    def own(self) -> Any:
        """The target's own modules by name."""
        return self._walk.own

    def begin(self) -> None:
        """Remember what is there before the first test."""
        began = self._clock()
        with uncollected():
            self._walk.start()
            self._patches.begin()
        self._process.keep()
        self._between.keep()
        self._databases.keep()
        self._files.keep()
        self._modules = set(sys.modules)
        self._imported.keep()
        self._expected = (self._clock() - began) / 3

    def resume(self, changes: str = "") -> None:
        """Take what the process is like now for its beginning: a fork has random numbers of its own. ``changes`` is
        the folder with its changes of the tree, where it has an overlay.
        """
        self._process.keep()
        self._between.keep()
        self._patches.changes()
        self._folders.keep()
        self._fixtures.resume()
        if changes:
            self._files.look_into(changes)

    def end(self) -> None:
        """Let go of what the modules and the fixtures hold."""
        for walk in self._walks():
            for node in walk.nodes:
                node.forget()

    def set_up(self, fixture: Any) -> bool:
        """A fixture of a wide scope was set up; whether it is to be looked at before it is torn down."""
        self._databases.meet()
        return self._fixtures.set_up(fixture)

    def follow_pytest(self, session: Any) -> None:
        """Watch what tests can change of pytest itself."""
        self._fixtures.follow_pytest(session.config, session)
        self._folders.follow_pytest(session)
        self._files.follow_pytest(session.config)

    def tear_down(self, fixture: Any) -> None:
        """Look for the last time at what a fixture has made. The first of several may undo what others have done, so
        all is looked at before it: once between two reports, and more often if that does not cost too much. A fixture
        with parameters is torn down and made anew many times.
        """
        if not self._is_ending:
            self._is_ending = True
            if not self._has_looked_back or self._may_look():
                self._has_looked_back = True
                self._of_the_past = self._timed(self._look) or self._of_the_past
            else:
                self._skipped += 1
        self._of_the_past += self._changes_in(self._fixtures.take(fixture))

    def meet(self, item: Any) -> None:
        """A test is about to run."""
        self._collectors.meet(item)

    def note(self, index: int) -> None:
        """A test has run."""
        self._is_ending = False
        self._tests.append(index)

    def report(self, *, is_needed: bool = False) -> Optional[StateChanged]:
        """What the tests since the last look have left changed; ``None``: nothing, or a look would cost too much.
        ``is_needed``: it may cost what it will.
        """
        self._has_looked_back = False
        if not self._tests or (not is_needed and not self._may_look()):
            self._skipped += bool(self._tests)
            return None
        states, tests, skipped = self.look(), self._tests, self._skipped
        self._tests, self._skipped = [], 0
        if not states and not skipped:
            return None
        changes = [reported(one) for one in states]
        return {
            "kind": "state",
            "tests": tests,
            "changes": changes[:MOST_REPORTED],
            "left_out": max(0, len(changes) - MOST_REPORTED),
            "skipped": skipped,
        }

    def look(self) -> List[ChangedEntry]:
        """The states that have changed since the last look."""
        return self._timed(self._look_between_tests)

    def _timed(self, look: Callable[[], List[ChangedEntry]]) -> List[ChangedEntry]:
        began = self._clock()
        try:
            return look()
        except RuntimeError:  # another thread changes a container at this moment
            return []
        finally:
            self._expected = self._clock() - began
            self._spent += self._expected

    def _look_between_tests(self) -> List[ChangedEntry]:
        found = [*self._look(), *self._between.changes()]
        self._between.keep()
        return found

    def _may_look(self) -> bool:
        return self._spent + self._expected <= SHARE * self._clock() + GRACE

    def _look(self) -> List[ChangedEntry]:
        found = list(self._of_the_past)
        for walk in self._walks():
            found += self._changes_in(walk)
        self._collectors.leave()
        found += self._process.changes()
        found += self._databases.changes()
        found += self._files.changes()
        found += self._folders.changes()
        found += self._imported.changes()
        self._process.keep()
        if sys.modules.keys() - self._modules:
            self._modules.update(sys.modules)
            self._walk.follow_new_modules()
        self._imported.keep()
        self._of_the_past = []
        patches = self._patches.changes()  # by now it is known which modules are the target's
        known = {one.path for one in patches}
        return [*patches, *(one for one in found if one.path not in known)]

    def _walks(self) -> List[StateWalk]:
        return [self._walk, *self._fixtures.walks(), *self._collectors.walks()]

    def _changes_in(self, walk: StateWalk) -> List[ChangedEntry]:
        found: List[ChangedEntry] = []
        for node in changed(walk.nodes):
            states = [one for one in node.changes() if not is_noise(one, self.own)]
            node.keep()
            found += states
            for one in states:
                if one.after is not MISSING:
                    walk.follow_changed(node, one.after, one.path)
        return found


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector, which would go through the whole heap: many objects are made."""
    was_on = COLLECTS()
    STOP_COLLECTING()
    try:
        yield
    finally:
        if was_on:
            START_COLLECTING()


def reported(state: ChangedEntry) -> ChangedState:
    """A changed state as kit knows it."""
    before, after = state.described()
    return state.path, before, after, list(dict.fromkeys(state.node.names(state.key)))


def changed(nodes: List[Any]) -> List[Any]:
    """The nodes whose entries are other objects than at the last look."""
    size_of, is_any, each, other = len, any, map, is_not  # called for each of ten thousands of nodes
    found = []
    for node in nodes:
        view = node.view
        if size_of(view) != node.size or is_any(each(other, view, node.values)):
            found.append(node)
    return found


def is_noise(state: ChangedEntry, own: Any) -> bool:
    """Whether a change is one that Python, pytest or a library makes in any run, whatever the tests are."""
    node, key = state.node, state.key
    if node.kind not in ("names", "class", "library"):
        return bool(node.path == "os.environ" and key in OF_RUNNERS)
    name = str(key)
    if name in GENERATED or name in OF_WORKERS or name.startswith(GENERATED_BEGIN):
        return True
    if state.before is MISSING and is_a(state.after, types.ModuleType):
        return True  # a submodule was imported
    if node.kind == "library":
        return is_of_library(name, state)
    if (
        node.path in own
        or node.kind == "class"
        or node.path == "builtins"
        or not is_a(sys.modules.get(node.path), types.ModuleType)
    ):
        return False
    return is_of_library(name, state)


def is_of_library(name: str, state: ChangedEntry) -> bool:
    """Whether a change of a library's global is its own doing: a counter, a cache that it fills, a private name."""
    is_number = is_a(state.before, (int, float)) and is_a(state.after, (int, float))
    return name.startswith("_") or is_number or state.before is None or state.before is MISSING
