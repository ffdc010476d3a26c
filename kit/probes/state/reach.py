"""Which objects code reaches by the names that it uses: from its globals on, through attributes.

No code of the target runs: dictionaries are read as they are.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import builtins
import types

from .values import is_a

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterable, Iterator, List, Set

#: how many attributes one after the other are followed
MOST_STEPS = 5


class UsedByCode:
    """What the code of some functions uses: ``names``, the ids of the ``objects`` that these lead to, and the ``texts``
    that its globals hold.
    """

    def __init__(self, every_globals: Iterable[Dict[str, Any]], names: Set[str], texts: Iterable[str] = ()) -> None:
        self.names, self.texts = names, frozenset(texts)
        self._kept: List[Any] = []  # an id is one only as long as its object is there
        self.objects: Set[int] = {id(vars(builtins))}
        for one in every_globals:
            self._follow(one, MOST_STEPS)

    def _follow(self, names: Any, steps: int) -> None:
        """Take a dictionary of names, and what those of its names lead to that the code uses."""
        if id(names) in self.objects:
            return
        self._add(names)
        for name in self.names:
            if name in names and steps:
                self._take(names[name], steps)

    def _take(self, value: Any, steps: int) -> None:
        self._add(value)
        for part in parts_of(value):
            self._add(part)
        for names in names_of(value):
            self._follow(names, steps - 1)

    def _add(self, value: Any) -> None:
        self.objects.add(id(value))
        self._kept.append(value)


def names_of(value: Any) -> Iterator[Any]:
    """The dictionaries of an object's attributes, with those of its class."""
    if is_a(value, type):
        for one in type.__dict__["__mro__"].__get__(value):
            yield type.__dict__["__dict__"].__get__(one)
        return
    try:
        own = object.__getattribute__(value, "__dict__")
    except Exception:
        return
    if type(own) is dict:
        yield own
    if not is_a(value, types.ModuleType):
        yield from names_of(type(value))


def parts_of(value: Any) -> Iterator[Any]:
    """What a function keeps from call to call: its mutable defaults."""
    if type(value) is types.FunctionType:
        yield from value.__defaults__ or ()
        yield from (value.__kwdefaults__ or {}).values()
