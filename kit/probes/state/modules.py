"""Which of the target's own modules ``sys.modules`` has: a test may take one out, or have it made anew.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import sys

from .nodes import ChangedEntry
from .values import MISSING
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterable, List


class OwnModules:
    """The modules by name, as they were when they were last looked at."""

    def __init__(self) -> None:
        self._known: Dict[str, Any] = {}

    def keep(self, names: Iterable[str]) -> None:
        """Take the modules of now for the beginning."""
        self._known = {name: sys.modules[name] for name in list(names) if name in sys.modules}

    def changes(self) -> List[ChangedEntry]:
        """The modules that are gone, or are others, since the last time."""
        pairs = [(name, module, sys.modules.get(name, MISSING)) for name, module in self._known.items()]
        return [ChangedEntry(place_of(name), name, was, now) for name, was, now in pairs if now is not was]


def place_of(name: str) -> Watched:
    """The place of a module in ``sys.modules``; code that imports it uses its name."""

    def put(module: Any) -> None:
        if module is MISSING:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module

    names = (name, name.rpartition(".")[2])
    return Watched("sys.modules[%r]" % name, names, lambda: sys.modules.get(name, MISSING), put)
