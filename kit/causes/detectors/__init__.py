"""The detectors, one file each: every module here defines ``DETECTOR``. Adding a file adds a kind of cause."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from kit.causes.detector import Detector


@cache
def detectors() -> tuple[Detector, ...]:
    """All detectors in the order in which they look; the last one takes whatever is left."""
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found: list[Detector] = [module.DETECTOR for module in modules]
    return tuple(sorted(found, key=lambda detector: (detector.rank, detector.kind)))
