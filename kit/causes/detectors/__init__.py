"""The detectors, one file each: every module here that defines ``DETECTOR`` is one, others help them.

Adding a file adds a kind of cause. Its docstring says what the defect is, and where it is documented.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from kit.causes.detector import Detector


@cache
def detectors() -> tuple[Detector, ...]:
    """All detectors in the order in which they look; the last one takes whatever is left."""
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found = [module.DETECTOR for module in modules if isinstance(getattr(module, "DETECTOR", None), Detector)]
    return tuple(sorted(found, key=lambda detector: (detector.rank, detector.kind)))
