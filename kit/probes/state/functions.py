"""What functions keep from call to call: closures, caches and default values.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import gc

from .nodes import MOST_ENTRIES, ChangedEntry, Namespace, WatchedContainer
from .values import MISSING, SCALARS, Gone, same

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, Iterator, List, Tuple


class Cells:
    """The contents of a function's closure, as a sequence."""

    def __init__(self, cells: Tuple[Any, ...]) -> None:
        self.cells = cells

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Any:
        return iter([content_of(cell) for cell in self.cells])


class Closure(Namespace):
    """What the cells of a function's closure hold; ``owner`` is the function."""

    kind = "closure"
    __slots__ = ()

    def mapping(self) -> Any:
        return dict(zip(self.owner.__code__.co_freevars, map(content_of, self.owner.__closure__)))

    def names(self, _key: Any) -> Tuple[str, ...]:
        return self.aliases

    def restore(self, key: Any, before: Any) -> None:
        cell = self.owner.__closure__[self.owner.__code__.co_freevars.index(key)]
        if before is MISSING:
            del cell.cell_contents
        else:
            cell.cell_contents = before


class CacheEntries:
    """The results that an ``lru_cache`` holds. Those of a full one are not told: each new one takes another's place."""

    def __init__(self, function: Any) -> None:
        self._function = function
        held = gc.get_referents(function)
        self._entries = next((one for one in held if type(one) is dict and one is not function.__dict__), {})

    def __len__(self) -> int:
        return int(self._function.cache_info()[3])

    def __iter__(self) -> Any:
        limit, size = self._function.cache_info()[2:]
        if size > MOST_ENTRIES:  # results of larger caches are not kept: the number alone counts
            return iter(())
        if limit is None:
            return iter(self._entries.values())
        found = self._limited() if size < limit else []
        return iter(found if len(found) == size else ())

    def _limited(self) -> List[Any]:
        """What stands behind each key among the objects that the cache refers to: its dictionary has no results."""
        kinds = {type(self._function), *map(type, self._entries.values())}
        held = [one for one in gc.get_referents(self._function) if not (isinstance(one, type) and one in kinds)]
        keys, found = set(map(id, self._entries)), []
        for key, result in zip(held[::2], held[1::2]):
            if id(key) not in keys:
                break
            found.append(result)
        return found


class Cache(WatchedContainer):
    """An ``lru_cache``: how many results it has and, where that is the same, which plain values."""

    kind = "cache"
    __slots__ = ()

    def changes(self) -> Iterable[ChangedEntry]:
        if self.size != len(self.view):
            return [ChangedEntry(self, None, self.size, len(self.view))]
        others = [pair for pair in zip(self.values, self.view) if _differ(*pair)]
        return [ChangedEntry(self, _RESULT, *pair) for pair in others[:1]]

    def path_to(self, key: Any) -> str:
        return "%s()" % self.path if key is _RESULT else "%s.cache_info()" % self.path

    def restore(self, key: Any, before: Any) -> None:
        if key is _RESULT or before == 0:
            self.owner.cache_clear()


#: the key of a change of what is in a cache, not of how much
_RESULT = "result"


def _differ(one: Any, other: Any) -> bool:
    """Whether two results surely do: objects that were made anew can be equal ones, also where the old one is gone."""
    kind = type(one)
    is_plain = kind in SCALARS or kind is tuple
    return not same(one, other) and (is_plain or kind not in (type(other), Gone))


def content_of(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def defaults_of(function: Any) -> Iterator[Tuple[str, Any]]:
    """The default values of a function's parameters, by name."""
    if function.__defaults__:
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        yield from zip(names[len(names) - len(function.__defaults__) :], function.__defaults__)
    if function.__kwdefaults__:
        yield from function.__kwdefaults__.items()
