"""What the target's source and its mapper registries say, before any test runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.inventory.declarations import Declarations
    from kit.inventory.imports.reach import Reach
    from kit.inventory.inventory import Inventory
    from kit.inventory.loaded import judge_by_run, mark_loaded

__all__ = ["Declarations", "Inventory", "Reach", "judge_by_run", "mark_loaded"]

_HOMES = {
    "Declarations": "declarations",
    "Inventory": "inventory",
    "Reach": "imports.reach",
    "judge_by_run": "loaded",
    "mark_loaded": "loaded",
}


def __getattr__(name: str) -> Any:
    """Each is imported when it is asked for: who wants the import graph does not wait for the rules."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
