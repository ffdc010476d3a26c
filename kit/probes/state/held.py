"""What containers held at the last look. It keeps no object alive that could die: a test may see that one does.

Lists, dictionaries and the like are kept all the same: Python cannot refer to them weakly.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import types
import weakref

from .values import CONTAINERS, SCALARS, Gone, is_a

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, Iterator, List, Set, Union


#: bound before a test can replace it
REFERENCE = weakref.ref

#: types whose values are kept: they cannot die, or hardly a test asks whether they do
KEPT = SCALARS | CONTAINERS | {type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType, REFERENCE}


class Remembered:
    """Values in their order, the dead ones as :class:`Gone`. Few of them can die: of all others there is one object
    less to be let go of in each fork.
    """

    __slots__ = ("_kept", "_kinds", "_places")

    def __init__(self, values: List[Any], dying: Set[type]) -> None:
        """Values of the types ``dying`` are not kept alive; the list is taken over."""
        kinds = [(place, type(one)) for place, one in enumerate(values) if type(one) in dying]
        self._kept, self._places, self._kinds = values, [place for place, _ in kinds], [kind for _, kind in kinds]
        for place in self._places:
            values[place] = REFERENCE(values[place])

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Any]:
        values = list(self._kept)
        for place, kind in zip(self._places, self._kinds):
            value = values[place]()
            values[place] = Gone(kind) if value is None else value
        return iter(values)


def held(values: Iterable[Any]) -> Union[List[Any], Remembered]:
    """The values, of which those that can die are not kept alive."""
    kept = list(values)
    others = {type(one): one for one in kept if type(one) not in KEPT}
    dying = {kind for kind, one in others.items() if type(loosely(one)) is REFERENCE}
    if not dying:
        return kept
    return Remembered(kept, dying)


def loosely(value: Any) -> Any:
    """A weak reference to a value, or the value itself if that cannot be, or is not needed."""
    if type(value) not in KEPT and not is_a(value, type):
        try:
            return REFERENCE(value)
        except TypeError:
            pass
    return value
