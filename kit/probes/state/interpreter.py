"""The attributes of ``sys``: hooks, limits and marks that tests may set there.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import sys

from .nodes import Namespace

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Iterable, Tuple

    from .nodes import ChangedEntry


#: what pytest replaces around each test, and what it leaves there of a failure
OF_PYTEST = frozenset(("stdout", "stderr", "last_type", "last_value", "last_traceback", "last_exc"))

#: what else sees an attribute besides its name
MORE_NAMES = {"stdin": ("input",)}


class InterpreterNames(Namespace):
    """The attributes of ``sys`` as one container."""

    kind = "interpreter"
    __slots__ = ()

    def __init__(self) -> None:
        names = vars(sys)
        Namespace.__init__(self, "sys", names, names.values(), 99, ())

    def changes(self) -> Iterable[ChangedEntry]:
        return [one for one in Namespace.changes(self) if one.key not in OF_PYTEST]

    def names(self, key: Any) -> Tuple[str, ...]:
        return (str(key), *MORE_NAMES.get(key, ()))
