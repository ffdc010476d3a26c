"""Which texts the globals of code hold: paths, addresses, names of variables. Code that uses such a global uses them.

No code of the target runs: containers and attributes are read as they are.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import sys
import types
from itertools import islice
from pathlib import PurePath

from ..own_files import is_own
from .reach import names_of
from .values import is_a

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, FrozenSet, Iterable, Iterator, Set, Tuple

#: a longer text is not a name
LONGEST = 200

#: how far a value is followed, and how many values in it are looked at
MOST_STEPS, MOST_VALUES = 6, 2_000

#: containers that are read as these
READ_AS = (list, tuple, set, frozenset)

#: what is known by its own name, and holds what its own code names
NAMED = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType)


class HeldTexts:
    """The texts of values, each looked at once."""

    def __init__(self, root: str) -> None:
        """``root`` is the folder of the target: of its classes, the attributes count as well."""
        self._root = root
        self._own: Dict[str, bool] = {}
        self._known: Dict[int, Tuple[Any, FrozenSet[str]]] = {}  # an id is one only as long as its object is there

    def of_names(self, names: Iterable[str], every: Dict[str, Any]) -> Set[str]:
        """What those of the globals ``every`` hold that have these names."""
        return {text for name in names if name in every for text in self.of(every[name])}

    def of(self, value: Any) -> FrozenSet[str]:
        """What one value holds."""
        if id(value) not in self._known:
            self._known[id(value)] = value, frozenset(self._found_in(value))
        return self._known[id(value)][1]

    def _found_in(self, value: Any) -> Iterator[str]:
        waiting, known = [(value, MOST_STEPS)], {id(value)}
        while waiting and len(known) < MOST_VALUES:
            one, steps = waiting.pop()
            if is_a(one, (str, PurePath)):
                yield from texts_of(str.__str__(one) if is_a(one, str) else os.fspath(one))
            elif steps:
                for part in islice(self._parts_of(one), MOST_VALUES):
                    if id(part) not in known:
                        known.add(id(part))
                        waiting.append((part, steps - 1))

    def _parts_of(self, value: Any) -> Iterator[Any]:
        if is_a(value, dict):
            yield from dict.keys(value)
            yield from dict.values(value)
        elif is_a(value, READ_AS):
            kind = next(kind for kind in READ_AS if is_a(value, kind))
            yield from kind.__iter__(value)
        elif not is_a(value, NAMED):
            for names in names_of(value):
                if type(names) is dict or self._is_own(names.get("__module__")):  # a class has no plain dictionary
                    yield from names.values()
            yield type(value)  # also of what has no attributes of its own

    def _is_own(self, name: Any) -> bool:
        """Whether a module is the target's."""
        if type(name) is not str:
            return False
        if name not in self._own:
            module = sys.modules.get(name)
            path = vars(module).get("__file__") if type(module) is types.ModuleType else None
            self._own[name] = type(path) is str and is_own(path, self._root)
        return self._own[name]


def texts_of(text: str) -> Set[str]:
    """A text, and where it is a path its last part and the folder that has it."""
    return {text, *text.replace(os.sep, "/").split("/")[-2:]} if len(text) < LONGEST else set()
