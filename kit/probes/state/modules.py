"""Which modules ``sys.modules`` has: a test may take one out, have it made anew, or let it pass for missing.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import sys
import types
from operator import is_

from ..own_files import is_own
from .nodes import ChangedEntry
from .values import MISSING, is_a
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List


class ImportedModules:
    """The modules by name, as they were when they were last looked at."""

    def __init__(self) -> None:
        self._known: Dict[str, Any] = {}

    def keep(self) -> None:
        """Take the modules of now for the beginning."""
        self._known = dict(sys.modules)

    def changes(self) -> List[ChangedEntry]:
        """The modules that are gone, are others, or pass for missing, since the last time."""
        known, now = self._known, dict(sys.modules)
        if len(known) == len(now) and all(map(is_, known.values(), now.values())):
            return []
        blocked = [name for name, module in now.items() if module is None and name not in known]
        pairs = [(name, known.get(name, MISSING), now.get(name, MISSING)) for name in [*known, *blocked]]
        return [ChangedEntry(place_of(name), name, was, module) for name, was, module in pairs if module is not was]


def place_of(name: str) -> Watched:
    """The place of a module in ``sys.modules``; code that imports it uses its name."""

    def put(module: Any) -> None:
        if module is MISSING:
            sys.modules.pop(name, None)
        else:
            sys.modules[name] = module

    names = (name, name.rpartition(".")[2])
    return Watched("sys.modules[%r]" % name, names, lambda: sys.modules.get(name, MISSING), put)


def own_modules(root: str) -> Dict[str, Any]:
    """The modules that are imported now and whose files lie below ``root``."""
    found: Dict[str, Any] = {}
    for name, module in list(sys.modules.items()):
        if is_a(module, types.ModuleType):
            path = types.ModuleType.__getattribute__(module, "__dict__").get("__file__")
            if isinstance(path, str) and is_own(os.path.abspath(path), root):
                found[name] = module
    return found
