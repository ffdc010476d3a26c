"""What a process that runs tests does about shared state: watch it, tell who can see it, name what a test depends on.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

from ..state.readers import Readers
from ..state.seeing import Seeing
from ..state.watch import StateWatch
from ..system.frozen import unfreeze

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, List, Optional, Set, TypeVar

    from ...wire.messages import FromProbe

    R = TypeVar("R")


#: after more forks in a row that watch nothing, the process that they are forked from lets go of what it watches
UNWATCHED_FORKS = 10


class StateWork:
    """The state watch of one process, between its tests. ``send`` speaks to kit.

    A watch that fails is over in this process, and tells kit: no object of the target may cost a test its outcome.
    """

    def __init__(self, root: str, *, is_on: bool) -> None:
        """Nothing is watched unless it ``is_on``: where no test will run once more, nobody can ask what was seen."""
        self._root, self._is_on = root, is_on
        self._watch = StateWatch(root)
        self._seeing: Optional[Seeing] = None
        self._looked_at: Set[int] = set()  # the tests after which the states are looked at, whatever test is next
        self._session: Any = None
        self._unwatched = 0  # how many forks in a row watch nothing
        self._has_let_go = False
        self._failed = ""
        self._has_told = False

    def begin(self) -> None:
        """The suite is collected, and no test has run: everything is as a plain run has it then."""
        self._tried(self._watch.begin)

    def follow_pytest(self, session: Any) -> None:
        """Watch what tests can change of pytest itself."""
        self._session = session
        self._tried(lambda: self._watch.follow_pytest(session))

    def set_up(self, fixture: Any) -> None:
        """A fixture that outlives a file was set up. It is looked at for the last time before it is torn down."""
        if self._tried(lambda: self._watch.set_up(fixture)):
            fixture.addfinalizer(lambda: self._tried(lambda: self._watch.tear_down(fixture)))

    def resume(self, changes: str) -> None:
        """Tests are about to run here: what forking has changed is not theirs. ``changes`` is the folder with what this
        process changes in the tree, where it has an overlay.
        """
        self._tried(lambda: self._watch.resume(changes))

    def answer(
        self, asked: Any, items: List[Any], send: Callable[[FromProbe], None], run: Callable[[int], str]
    ) -> None:
        """Take the questions that came with a batch; ``run`` runs a test and returns its outcome, in a forked child."""
        if asked["names"]:
            readers = Readers(items, self._root)
            send({"kind": "readers", "tests": [sorted(readers.of(names)) for names in asked["names"]]})
        self._looked_at = set(asked["each"])
        if asked["seen"]:
            self._seeing = Seeing(self._watch, asked, self._root, run)

    def before_fork(self, *, watches: bool) -> None:
        """This process, in which no test runs, is about to be forked. A fork that watches nothing lets go of what is
        watched, and copies all the pages for that: of many such forks, each would.
        """
        self._unwatched = 0 if watches else self._unwatched + 1
        if self._is_on and self._unwatched > UNWATCHED_FORKS:
            self._let_go()
            self._has_let_go = True
        elif watches and self._has_let_go:
            self._is_on, self._has_let_go = True, False
            self.begin()
            self.follow_pytest(self._session)

    def end(self) -> None:
        """Watch nothing any more, and keep nothing of the target: objects die as in a plain run."""
        if self._is_on:
            self._let_go()
        unfreeze()

    def _let_go(self) -> None:
        self._watch.end()
        self._watch, self._is_on = StateWatch(self._root), False

    def before(self, index: int, item: Any) -> None:
        """A test is about to run."""
        self._tried(lambda: self._watch.meet(item))
        seeing = self._seeing
        if seeing is not None:
            self._tried(lambda: seeing.begin(index))

    def after(self, index: int, outcome: str, path: str, following: str, send: Callable[[FromProbe], None]) -> None:
        """A test of the file ``path`` has run with this outcome, and one of ``following`` is next (``""``: none is)."""
        seeing, is_looked_at = self._seeing, path != following or index in self._looked_at
        if seeing is not None:
            found = self._tried(lambda: seeing.end(index, outcome, is_looked_at=is_looked_at))
            if found is not None:
                send(found)
        elif self._is_on:
            self._watch.note(index)
            if is_looked_at:
                is_needed = not following or index in self._looked_at
                changed = self._tried(lambda: self._watch.report(is_needed=is_needed))
                if changed is not None:
                    send(changed)
        if self._failed and not self._has_told:
            self._has_told = True
            send({"kind": "state_lost", "why": self._failed})

    def _tried(self, work: Callable[[], R]) -> Optional[R]:
        """What ``work`` returns; ``None`` when it fails, something has failed before, or nothing is watched."""
        if self._failed or not self._is_on:
            return None
        try:
            return work()
        except Exception as error:
            self._failed = "%s: %s" % (type(error).__name__, error)
            return None


class Unheard:
    """Stands for the channel in a fork that only tries what a test does: nothing reaches kit."""

    def __init__(self) -> None:
        self.outcome = ""

    def guard(self) -> None:
        """This process is meant to be a copy."""

    def send(self, message: Any) -> None:
        if message["kind"] == "finished":
            self.outcome = message["outcome"]
