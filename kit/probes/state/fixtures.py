"""What tests of several files share through pytest: what fixtures of a wide scope have made, and pytest's own
configuration and session.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import types

from .names import ANY_NAME
from .nodes import AttributesOfLibrary, Entries, Namespace
from .values import is_a
from .versions import Version, Versioned, of_path
from .walking import DEEPEST, MOST_NODES, StateWalk, is_tool

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List, Tuple


#: scopes of fixtures that outlive a file
WIDE = ("session", "package")

#: stands for pytest itself, in the place of the ``id`` of a fixture
_OF_PYTEST = 0

#: before the paths of states that belong to fixtures
OF_FIXTURES = "fixture."

#: bound before a test can replace it
IS_FOLDER = os.path.isdir


class FixtureWalk(StateWalk):
    """The nodes below what one fixture made, and below the local variables of a fixture that yields."""

    library_depth = 2
    of_library = AttributesOfLibrary

    def __init__(self, root: str, main: StateWalk, name: str) -> None:
        """``main`` watches the modules: what it has is not watched twice."""
        StateWalk.__init__(self, root)
        self.own, self._main, self._name = main.own, main, name
        self._budget = MOST_NODES

    def follow_value(self, name: str, value: Any) -> None:
        """Watch a value under this name."""
        path = OF_FIXTURES + name
        if (is_a(value, os.PathLike) or (type(value) is str and os.path.isabs(value))) and IS_FOLDER(value):
            self.add(Versioned(path, value, Version(lambda: of_path(value)), DEEPEST, (self._name,)))
        self._left.append((path, value, 1, (self._name,)))
        self._go_on()

    def add_attributes(self, path: str, owner: Any) -> None:
        """Watch the attributes of an object of pytest, and not what they hold."""
        names = vars(owner)
        self.add(Namespace(path, names, names.values(), DEEPEST, ()))

    def add_stash(self, path: str, owner: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        """Watch what is put into the stash of an object of pytest, which old versions do not have."""
        stash = getattr(getattr(owner, "stash", None), "_storage", None)
        if type(stash) is dict:
            self.add(Entries(path, stash, stash.values(), depth, aliases))

    def has(self, value: Any) -> bool:
        return StateWalk.has(self, value) or self._main.has(value)

    def _looks_into(self, module: Any, depth: int) -> bool:
        return depth <= self.library_depth and (not is_tool(module) or module == "unittest.mock")


class Options(Namespace):
    """The values of pytest's options: code can name one as it is written in a command line."""

    __slots__ = ()

    def names(self, key: Any) -> Tuple[str, ...]:
        return (str(key), "--" + str(key).replace("_", "-"))


class Fixtures:
    """The fixtures that are set up, and outlive a file."""

    def __init__(self, root: str, main: StateWalk) -> None:
        self._root, self._main = root, main
        self._walks: Dict[int, FixtureWalk] = {}

    def walks(self) -> List[FixtureWalk]:
        return list(self._walks.values())

    def set_up(self, fixture: Any) -> bool:
        """Watch what a fixture has made; whether there is something that might change."""
        result = fixture.cached_result
        if is_tool(getattr(fixture.func, "__module__", "")) or result is None or result[2] is not None:
            return False
        name = str(fixture.argname)
        walk = FixtureWalk(self._root, self._main, name)
        walk.follow_value(name, result[0])
        for local, value in locals_of(fixture):
            walk.follow_value("%s.%s" % (name, local), value)
        self._walks[id(fixture)] = walk
        return True

    def take(self, fixture: Any) -> FixtureWalk:
        """The walk of a fixture that is about to be torn down; what it made is kept no longer."""
        return self._walks.pop(id(fixture))

    def follow_pytest(self, config: Any, session: Any) -> None:
        """Watch the attributes of pytest's configuration and session, its options, its plugins, and what tests put into
        its stash.
        """
        walk = FixtureWalk(self._root, self._main, "pytestconfig")
        walk.add_attributes("config", config)
        walk.add_attributes("session", session)
        options = vars(config.option)
        walk.add(Options("config.option", options, options.values(), DEEPEST, ()))
        plugins = getattr(config.pluginmanager, "_name2plugin", None)
        if type(plugins) is dict:  # a plugin can make a difference to every test
            walk.add(Entries("config.pluginmanager", plugins, plugins.values(), DEEPEST, (ANY_NAME,)))
        walk.add_stash("config.stash", config, 2, ("stash", "config", "pytestconfig"))
        self._walks[_OF_PYTEST] = walk

    def resume(self) -> None:
        """Take what pytest is like now for its beginning: a worker has another terminal reporter."""
        if _OF_PYTEST in self._walks:
            for node in self._walks[_OF_PYTEST].nodes:
                node.keep()


def locals_of(fixture: Any) -> Iterator[Any]:
    """The local variables of a fixture that has yielded, but those that are functions or classes of libraries."""
    for finalizer in list(getattr(fixture, "_finalizers", ())):
        for argument in getattr(finalizer, "args", ()):
            frame = argument.gi_frame if type(argument) is types.GeneratorType else None
            if frame is not None:
                yield from list(frame.f_locals.items())
