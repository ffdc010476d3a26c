"""The table of breakages, each measured on both sides by a reproduction (``tests/causes/upgrades``)."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module

from kit.causes.upgrades import libraries
from kit.facts.upgrades import Breakage


@cache
def breakages() -> tuple[Breakage, ...]:
    """All entries, by library."""
    names = sorted(info.name for info in pkgutil.iter_modules(libraries.__path__))
    found: list[Breakage] = []
    for name in names:
        found += import_module(f"{libraries.__name__}.{name}").BREAKAGES
    return tuple(found)


def error_of(breakage: Breakage) -> re.Pattern[str]:
    """What its failures say."""
    return _compiled(breakage.error)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
