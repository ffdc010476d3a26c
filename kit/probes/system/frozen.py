"""Freezes the heap for forks, and lets tests list every object: a frozen heap hides those that were there before.

Stdlib only, Python 3.8 to 3.14. PyPy has nothing to freeze.
"""

from __future__ import annotations

import functools
import gc

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable


def freeze() -> None:
    """Keep what is there from the collector: in a fork it would otherwise copy every page."""
    if hasattr(gc, "freeze"):
        gc.freeze()


def unfreeze() -> None:
    """End that: frozen objects are not listed."""
    if hasattr(gc, "unfreeze"):
        gc.unfreeze()


def show_frozen_objects() -> None:
    """Let ``gc.get_objects`` and ``gc.get_referrers`` end the freeze before they look."""
    for name in ("get_objects", "get_referrers"):
        setattr(gc, name, unfreezing(getattr(gc, name)))


def unfreezing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function like ``function`` that ends the freeze first."""

    @functools.wraps(function)
    def unfrozen(*arguments: Any, **more: Any) -> Any:
        unfreeze()
        return function(*arguments, **more)

    return unfrozen
