"""What containers held at the last look. It keeps no object alive that could die: a test may see that one does.

Lists, dictionaries and the like are kept all the same: Python cannot refer to them weakly.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import operator
import types
import weakref
from itertools import repeat

from .values import CONTAINERS, SCALARS, Gone, is_a

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Iterable, Iterator, List, Union


#: bound before a test can replace them
REFERENCE = weakref.ref
CALL: Callable[[Any], Any] = getattr(operator, "call", lambda function: function())  # there since Python 3.11

#: types whose values are kept: they cannot die, or hardly a test asks whether they do
KEPT = SCALARS | CONTAINERS | {type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType, REFERENCE}

_NONE = repeat(None)


class Remembered:
    """Values in their order, the dead ones as :class:`Gone`."""

    __slots__ = ("_calls", "_kinds", "_references")

    def __init__(self, values: List[Any], calls: List[Any]) -> None:
        self._calls, self._kinds = calls, list(map(type, values))
        self._references = [one for one in calls if type(one) is REFERENCE]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Any]:
        if any(map(operator.is_, map(CALL, self._references), _NONE)):
            return map(_alive_or_gone, self._calls, self._kinds)
        return map(CALL, self._calls)


def held(values: Iterable[Any]) -> Union[List[Any], Remembered]:
    """The values, of which those that can die are not kept alive."""
    kept = list(values)
    others = {type(one): one for one in kept if type(one) not in KEPT}
    dying = {kind for kind, one in others.items() if type(loosely(one)) is REFERENCE}
    if not dying:
        return kept
    return Remembered(kept, [REFERENCE(one) if type(one) in dying else repeat(one).__next__ for one in kept])


def loosely(value: Any) -> Any:
    """A weak reference to a value, or the value itself if that cannot be, or is not needed."""
    if type(value) not in KEPT and not is_a(value, type):
        try:
            return REFERENCE(value)
        except TypeError:
            pass
    return value


def _alive_or_gone(call: Callable[[], Any], kind: type) -> Any:
    value = call()
    return Gone(kind) if value is None and type(call) is REFERENCE else value
