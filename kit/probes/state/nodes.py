"""One container of the target that is watched: what it held when it was last looked at.

Values are compared by identity, which runs no code of the target. What cannot die is referred to until the next look.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
from collections import deque

from .held import REFERENCE, held
from .names import FILLED_ONCE
from .values import MISSING, SCALARS, describe, is_a, same

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, List, Tuple


#: containers with more entries are watched by their length
MOST_ENTRIES = 500


class ChangedEntry:
    """One changed state: where it is, and how to put a value back."""

    __slots__ = ("_after", "_before", "key", "node")

    def __init__(self, node: Any, key: Any, before: Any, after: Any) -> None:
        self.node, self.key = node, key
        self._before, self._after = held([before]), held([after])

    @property
    def before(self) -> Any:
        """The value before; a :class:`Gone` for an object that has died since."""
        return next(iter(self._before))

    @property
    def after(self) -> Any:
        """The value after, in the same way."""
        return next(iter(self._after))

    def go_on_with(self, later: ChangedEntry) -> None:
        """The same state was changed once more."""
        self._after = later._after

    @property
    def path(self) -> str:
        return str(self.node.path_to(self.key))

    @property
    def identity(self) -> Tuple[int, Any]:
        key = self.key if type(self.key) in SCALARS else id(self.key)
        return id(self.node), key

    def described(self) -> Tuple[str, str]:
        """The values before and after, in words."""
        return describe(self.before), describe(self.after)


class WatchedContainer:
    """A container whose entries are watched by position: a list, a deque, a set, the cells of a closure."""

    kind = "items"
    is_of_library = False
    __slots__ = ("_instance", "aliases", "depth", "keys", "owner", "path", "size", "values", "view")

    def __init__(self, path: str, owner: Any, view: Any, depth: int, aliases: Tuple[str, ...]) -> None:
        """``aliases`` are the names by which code can reach the container."""
        self.path, self.owner, self.view, self.depth, self.aliases = path, owner, view, depth, aliases
        self.keys: List[Any] = []
        self.values: Any = []
        self.size = 0
        self.keep()

    def follow(self, instance: Any) -> None:
        """Let go of what an instance had as its attributes when that dies."""
        try:
            self._instance: Any = REFERENCE(instance, self.forget)
        except TypeError:  # it cannot be referred to weakly
            self._instance = None

    def forget(self, _reference: Any = None) -> None:
        """Let go of the container and of what it held."""
        self.owner, self.view, self.values, self.keys, self.size = {}, (), [], [], 0

    def keep(self) -> None:
        """Remember what it holds now."""
        self.size = len(self.view)
        self.values = held(self.view) if self.size <= MOST_ENTRIES else []

    def changes(self) -> Iterable[ChangedEntry]:
        """What has changed since the last :meth:`keep`: here, the container as a whole."""
        before, after = list(self.values), list(self.view)
        if len(before) == len(after) and all(map(same, before, after)):
            return []
        kind = type(self.owner)
        restored = kind(before) if kind in (list, set, deque) else before
        return [ChangedEntry(self, None, restored, kind(after) if kind in (list, set, deque) else after)]

    def path_to(self, _key: Any) -> str:
        return self.path

    def names(self, _key: Any) -> Tuple[str, ...]:
        """The names of which code that sees the state has one."""
        return self.aliases

    def restore(self, _key: Any, before: Any) -> None:
        owner = self.owner
        if is_a(owner, list):
            list.__setitem__(owner, slice(None), before)
        elif is_a(owner, set):
            set.clear(owner)
            set.update(owner, before)
        elif is_a(owner, deque):
            deque.clear(owner)
            deque.extend(owner, before)


class Namespace(WatchedContainer):
    """A mapping whose entries are watched by key: the attributes of a module or an instance."""

    kind = "names"
    __slots__ = ()

    def keep(self) -> None:
        WatchedContainer.keep(self)
        self.keys = list(self.mapping()) if self.size <= MOST_ENTRIES else []

    def mapping(self) -> Any:
        """The mapping from keys to values."""
        return self.owner

    def changes(self) -> Iterable[ChangedEntry]:
        if not self.keys and self.size:  # too large: only its length is known
            return []
        before, after = dict(zip(self.keys, self.values)), dict(self.mapping())
        found = []
        for key in [*before, *(key for key in after if key not in before)]:
            was, now = before.get(key, MISSING), after.get(key, MISSING)
            if not same(was, now):
                found.append(ChangedEntry(self, key, was, now))
        return found

    def path_to(self, key: Any) -> str:
        return "%s.%s" % (self.path, key)

    def names(self, key: Any) -> Tuple[str, ...]:
        filled = FILLED_ONCE.get(key) if type(key) is str else None
        return filled or (str(key), *self.aliases)

    def restore(self, key: Any, before: Any) -> None:
        if before is MISSING:
            dict.pop(self.owner, key, None)
        else:
            dict.__setitem__(self.owner, key, before)


class AttributesOfLibrary(Namespace):
    """The attributes of an instance whose class a library has: it may change some of them by itself."""

    kind = "library"
    is_of_library = True
    __slots__ = ()


class AttributesOfOwnLibrary(AttributesOfLibrary):
    """Those of an instance that a module of the target has: tests change them as well."""

    kind = "names"
    __slots__ = ()


class Entries(Namespace):
    """The entries of a dictionary."""

    kind = "entries"
    __slots__ = ()

    def path_to(self, key: Any) -> str:
        return "%s[%s]" % (self.path, describe(key))

    def names(self, _key: Any) -> Tuple[str, ...]:
        return self.aliases


class EnvironmentVariables(Entries):
    """``os.environ``, by its texts."""

    __slots__ = ()

    def path_to(self, key: Any) -> str:
        return "os.environ[%r]" % os.fsdecode(key)

    def changes(self) -> Iterable[ChangedEntry]:
        return [
            ChangedEntry(one.node, one.key, text_of(one.before), text_of(one.after)) for one in Entries.changes(self)
        ]

    def names(self, key: Any) -> Tuple[str, ...]:
        return (os.fsdecode(key),)

    def restore(self, key: Any, before: Any) -> None:
        if before is MISSING:
            os.environ.pop(os.fsdecode(key), None)
        else:
            os.environ[os.fsdecode(key)] = before


class Attributes(Namespace):
    """The attributes of a class."""

    kind = "class"
    __slots__ = ()

    def mapping(self) -> Any:
        return type.__dict__["__dict__"].__get__(self.owner)

    def restore(self, key: Any, before: Any) -> None:
        if before is MISSING:
            type.__delattr__(self.owner, key)
        else:
            type.__setattr__(self.owner, key, before)


class AttributesOfLibraryClass(Attributes):
    """The attributes of a class that a library has: it may change some of them by itself."""

    kind = "library"
    __slots__ = ()


def text_of(value: Any) -> Any:
    return os.fsdecode(value) if isinstance(value, bytes) else value
