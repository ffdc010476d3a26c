"""The categories, one file each: every module here defines ``RULE``. Adding a file adds a category."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from kit.failures.rule import Rule
from kit.failures.symptom import Symptom


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order in which they are asked. The last one takes whatever is left."""
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found: list[Rule] = [module.RULE for module in modules]
    return tuple(sorted(found, key=lambda rule: (rule.rank, rule.key)))


def categorise(symptom: Symptom) -> Rule:
    """The first rule that matches."""
    return next(rule for rule in rules() if rule.matches(symptom))
