"""Finds what tests can share through the modules of the app and the tests, and makes a node of each container.

Functions, classes and instances of the target's own are followed, those of libraries only where an own module names
them. No attribute is looked up in the usual way: proxies would run code.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import _thread
import builtins
import functools
import logging
import os
import types
from collections import deque

from .classes import classes_of, is_heap, registered_with
from .functions import Cache, CacheEntries, Cells, Closure, defaults_of
from .held import REFERENCE, loosely
from .modules import own_modules
from .nodes import (
    MOST_ENTRIES,
    Attributes,
    AttributesOfLibrary,
    AttributesOfLibraryClass,
    AttributesOfOwnLibrary,
    Entries,
    EnvironmentVariables,
    Namespace,
    WatchedContainer,
)
from .slots import Slots, SlotsOfInstance, slots_of
from .values import SCALARS, is_a
from .versions import Version, Versioned, reader_of

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Deque, Dict, List, Tuple


#: how far values are followed from the globals of a module
DEEPEST = 4

#: how many containers are watched below one module
MOST_NODES = 2_000

#: how many objects written in C are watched in one walk: each look reads what they hold
MOST_VERSIONS = 200

#: how many classes of libraries are watched that no own module names
MOST_CLASSES = 1_000

#: libraries that change state of their own while tests run
TOOLS = ("_pytest", "pytest", "pluggy", "hypothesis", "xdist", "coverage", "unittest", "anyio", "pytest_asyncio")


#: the kinds of nodes whose entries have names
BY_NAME = ("names", "library")


class StateWalk:
    """The nodes below some modules. It grows: :meth:`follow_changed` looks at what was put in later."""

    #: how deep the instances of a library's classes are looked into
    library_depth = 2

    #: the node of the attributes of such an instance that the module itself has
    of_library: Any = AttributesOfOwnLibrary

    def __init__(self, root: str) -> None:
        """``root`` is the folder of the target."""
        self._root = root
        self.nodes: List[WatchedContainer] = []
        self.own: Dict[str, Any] = {}
        self.classes: List[type] = []  # the target's own
        self._seen: Dict[int, Any] = {}  # by id, the object as :func:`loosely` keeps it, or a node that has it
        self._left: Deque[Tuple[str, Any, int, Tuple[str, ...]]] = deque()
        self._slots: Dict[type, Tuple[Any, ...]] = {}
        self._budget, self._versions, self._library_classes = 0, MOST_VERSIONS, MOST_CLASSES

    def start(self) -> None:
        """Watch the process's own mappings and every module that is imported now."""
        environ = getattr(os.environ, "_data", None)
        if type(environ) is dict:
            self.add(EnvironmentVariables("os.environ", environ, environ.values(), DEEPEST, ()))
        names = builtins.__dict__
        self.add(Namespace("builtins", names, names.values(), DEEPEST, ()))
        self.follow_new_modules()

    def follow_new_modules(self) -> None:
        """Watch the own modules that were imported since the last time."""
        found = own_modules(self._root)
        new = [name for name, module in found.items() if name != "__main__" and self.own.get(name) is not module]
        self.own.update((name, found[name]) for name in new)  # all of them first: they name each other
        for name in new:
            self._follow_module(name, found[name])

    def _follow_module(self, name: str, module: Any) -> None:
        names = types.ModuleType.__getattribute__(module, "__dict__")
        if self.has(names):
            return
        self._budget = MOST_NODES
        self.add(Namespace(name, names, names.values(), 0, ()))
        for key, value in list(names.items()):
            if not (key.startswith("__") and key.endswith("__")):
                self._left.append(("%s.%s" % (name, key), value, 1, (str(key),)))
        self._go_on()

    def follow_changed(self, node: WatchedContainer, value: Any, path: str) -> None:
        """Watch what a changed state now holds."""
        self._budget = MOST_NODES
        name = path.rpartition(".")[2].partition("[")[0]
        self._left.append((path, value, node.depth + 1, named_by(node, name)))
        self._go_on()

    def _go_on(self) -> None:
        while self._left and self._budget > 0:
            path, value, depth, aliases = self._left.popleft()
            if type(value) not in SCALARS and not self.has(value):
                self._follow(path, value, depth, aliases)
        self._left.clear()

    def has(self, value: Any) -> bool:
        """Whether an object is watched already."""
        return id(value) in self._seen and seen_object(self._seen[id(value)]) is value  # an id may be given once more

    def _follow(self, path: str, value: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        kind = type(value)
        if kind is dict:
            self._watch(Entries(path, value, value.values(), depth, aliases))
        elif kind in (list, set, deque):
            self._watch(WatchedContainer(path, value, value, depth, aliases))
        elif kind is tuple:
            self._seen[id(value)] = value
            self._follow_all(path, enumerate(value[:MOST_ENTRIES]), depth, aliases)
        elif is_a(value, type):
            self._follow_class(value, depth)
        elif kind is types.FunctionType:
            self._follow_function(path, value, depth, aliases)
        else:
            self._follow_wrapper(path, value, depth, aliases)

    def _follow_wrapper(self, path: str, value: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        """What holds something else: a method, a property, a cache, a module or an instance."""
        kind = type(value)
        if kind in (staticmethod, classmethod):
            self._left.append((path, value.__func__, depth, aliases))
        elif kind is property:
            self._left.append((path, value.fget, depth, aliases))
        elif kind is functools._lru_cache_wrapper:
            if value.__module__ in self.own:
                self.add(Cache(path, value, CacheEntries(value), depth, aliases))
            self._left.append((path, getattr(value, "__wrapped__", None), depth, aliases))
        elif kind is types.MappingProxyType:
            self._watch(Entries(path, value, value.values(), depth, aliases))
        elif kind is types.ModuleType:
            self._follow_library(value, depth)
        else:
            self._follow_instance(path, value, depth, aliases)

    def _watch(self, node: WatchedContainer) -> None:
        self.add(node)
        if node.depth < DEEPEST and node.values:
            keyed = zip(node.keys, node.values) if node.keys else enumerate(node.values)
            entries = [(key, value) for key, value in keyed if type(value) not in SCALARS]
            self._follow_all(node.path, entries, node.depth, node.aliases, node)

    def _follow_all(self, path: str, entries: Any, depth: int, aliases: Tuple[str, ...], node: Any = None) -> None:
        for key, value in entries:
            below = node.path_to(key) if node is not None and node.keys else "%s[%s]" % (path, key)
            known_as = named_by(node, str(key)) if node is not None and node.kind in BY_NAME else aliases
            self._left.append((below, value, depth + 1, known_as))

    def _follow_class(self, value: Any, depth: int) -> None:
        module = type.__dict__["__dict__"].__get__(value).get("__module__")
        is_own = module in self.own
        if not is_own and (depth > 1 or is_tool(module) or not is_heap(value)):
            return
        name = type.__dict__["__qualname__"].__get__(value)
        node = Attributes("%s.%s" % (module, name), value, type.__dict__["__dict__"].__get__(value).values(), depth, ())
        self.add(node)
        if is_own:
            self.classes.append(value)
            self._add_version(node.path, value, registered_with(value), depth, (node.path.rpartition(".")[2],))
        if is_own and depth < DEEPEST:
            for key, one in zip(node.keys, node.values):
                self._left.append((node.path_to(key), one, depth + 1, (str(key),)))

    def _follow_function(self, path: str, value: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        self._seen[id(value)] = value
        if value.__module__ not in self.own:
            return
        aliases = (value.__name__,)
        if value.__closure__:
            cells = Cells(value.__closure__)
            node = Closure("%s.<closure>" % path, value, cells, depth, aliases)
            self.add(node, id(value.__closure__))
            self._follow_all(path, [(key, one) for key, one in zip(node.keys, node.values)], depth, aliases)
        if depth <= DEEPEST:
            self._follow_all("%s(…)" % path, defaults_of(value), depth, aliases)
        names_itself = value.__name__ in value.__code__.co_names  # then it may keep something as its own attribute
        attributes = value.__dict__
        if attributes or names_itself:
            self.add(Namespace(path, attributes, attributes.values(), depth, aliases))
            self._follow_all(path, attributes.items(), depth, aliases)

    def _follow_library(self, module: Any, depth: int) -> None:
        """A library's module that an own one names: its globals, and no further."""
        name = types.ModuleType.__getattribute__(module, "__name__")
        if depth > 1 or is_tool(name) or name in self.own or name in ("sys", "builtins", "os"):
            return
        names = types.ModuleType.__getattribute__(module, "__dict__")
        if not self.has(names):
            self.add(Namespace(name, names, names.values(), DEEPEST, ()))
            for path, value, attributes in classes_of(name, names):
                if not self.has(value) and self._library_classes > 0:
                    self._library_classes -= 1
                    self.add(AttributesOfLibraryClass(path, value, attributes.values(), DEEPEST, ()))

    def _follow_instance(self, path: str, value: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        kind = type(value)
        module = type.__dict__["__dict__"].__get__(kind).get("__module__")
        is_of_own = module in self.own
        if self._add_version(path, value, reader_of(value), depth, aliases):
            return
        looks_into = is_of_own or module == "collections" or self._looks_into(module, depth)
        is_container = is_a(value, (list, set, deque, dict)) and not is_tool(module)
        if not (looks_into or is_container) or is_a(value, logging.Logger):
            return
        self._seen[id(value)] = loosely(value)
        if is_a(value, dict):
            self._watch(Entries(path, value, dict.values(value), depth, aliases))
        elif is_a(value, (list, set, deque)):
            self._watch(WatchedContainer(path, value, value, depth, aliases))
        attributes = attributes_of(value) if looks_into else None
        if attributes is not None and not self.has(attributes):
            of = Namespace if is_of_own else self.of_library if depth <= 1 else AttributesOfLibrary
            node = of(path, attributes, attributes.values(), depth, aliases)
            node.follow(value)
            self._watch(node)
        members = slots_of(kind, self._slots) if is_of_own else ()
        if members:
            self._watch(SlotsOfInstance(path, value, Slots(value, members), depth, aliases))

    def _looks_into(self, module: Any, depth: int) -> bool:
        """Whether instances of the classes of a library's module are looked into."""
        return depth <= self.library_depth and not is_tool(module)

    def _add_version(self, path: str, value: Any, read: Any, depth: int, aliases: Tuple[str, ...]) -> bool:
        if read is None or self._versions <= 0:
            return False
        self._versions -= 1
        self.add(Versioned(path, value, Version(read), depth, aliases))
        return True

    def add(self, node: WatchedContainer, identity: int = 0) -> None:
        """Watch one container."""
        self._seen[identity or id(node.owner)] = node
        self._budget -= 1
        self.nodes.append(node)


def named_by(node: WatchedContainer, name: str) -> Tuple[str, ...]:
    """The names of what a node has as ``name``: what a library has, its own code also reads for those who use it."""
    return (name, *(node.aliases if node.is_of_library else ()))


def attributes_of(value: Any) -> Any:
    """The ``__dict__`` of an instance, ``None`` if it has none."""
    if is_a(value, _thread._local):
        return _thread._local.__getattribute__(value, "__dict__")  # that of this thread
    if not type(value).__dictoffset__:
        return None
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except Exception:
        return None
    return attributes if isinstance(attributes, dict) else None


def seen_object(seen: Any) -> Any:
    """The object that a walk has seen: a node has it, or a weak reference."""
    if is_a(seen, WatchedContainer):
        return seen.owner
    return seen() if type(seen) is REFERENCE else seen


def is_tool(module: Any) -> bool:
    """Whether a module belongs to the tools that run the tests."""
    return isinstance(module, str) and module.partition(".")[0] in TOOLS
