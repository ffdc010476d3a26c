"""The fix options, one file each. Adding a file adds an option.

An option is a module with ``CAUSES``, the kinds of cause that it may fix, and ``find(cause, scene)``, which yields an
option for each way to apply it here. Nothing is yielded where it does not apply. ``shared`` has the common helpers.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.scene import FixScene

Find = Callable[[Cause, FixScene], Iterator[FixOption]]


def find_options(cause: Cause, scene: FixScene) -> tuple[FixOption, ...]:
    """The options for a cause, those without a patch last."""
    found = [option for kinds, find in _options() if cause.kind in kinds for option in find(cause, scene)]
    return tuple(sorted(found, key=lambda option: option.obstacle is not None))


@cache
def _options() -> tuple[tuple[frozenset[str], Find], ...]:
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__) if not info.ispkg]
    return tuple((module.CAUSES, module.find) for module in modules if hasattr(module, "find"))
