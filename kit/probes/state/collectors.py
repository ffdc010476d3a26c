"""What tests share through pytest's nodes above them: packages, modules and classes, on which hooks keep notes.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

from .fixtures import FixtureWalk
from .names import ANY_NAME
from .nodes import WatchedContainer
from .walking import DEEPEST, StateWalk

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List


class Collectors:
    """The nodes above the tests that have run since the last look, and above the latest one."""

    def __init__(self, root: str, main: StateWalk) -> None:
        self._root, self._main = root, main
        self._walks: Dict[int, FixtureWalk] = {}
        self._latest: Any = None

    def walks(self) -> List[FixtureWalk]:
        return list(self._walks.values())

    def meet(self, item: Any) -> None:
        """A test is about to run."""
        if item.parent is self._latest:
            return
        self._latest = item.parent
        for node in self._above():
            if id(node) not in self._walks:
                self._walks[id(node)] = self._walk_of(node)

    def leave(self) -> None:
        """They were looked at: of those that the latest test is not in, no test changes anything now."""
        above = set(map(id, self._above()))
        self._walks = {key: walk for key, walk in self._walks.items() if key in above}

    def _above(self) -> Iterator[Any]:
        node = self._latest
        while node is not None and node.parent is not None:  # the session is watched anyway
            yield node
            node = node.parent

    def _walk_of(self, node: Any) -> FixtureWalk:
        path = str(node.nodeid)
        walk = FixtureWalk(self._root, self._main, path)
        walk.add_attributes(path, node)
        walk.add_stash(path + ".stash", node, DEEPEST, ("stash",))
        markers = getattr(node, "own_markers", None)
        if type(markers) is list:  # pytest itself reads them
            walk.add(WatchedContainer(path + ".own_markers", markers, markers, DEEPEST, (ANY_NAME,)))
        return walk
