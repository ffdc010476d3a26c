"""The categories, one file each: every module here that defines ``RULE`` is one, others help them.

Adding a file adds a category.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module

from kit.failures.rule import Rule
from kit.failures.symptom import Symptom


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order in which they are tried. The last one takes whatever is left."""
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found = [module.RULE for module in modules if isinstance(getattr(module, "RULE", None), Rule)]
    return tuple(sorted(found, key=lambda rule: (rule.rank, rule.key)))


def categorise(*symptoms: Symptom, categories: Sequence[Rule] = ()) -> Rule:
    """The first rule that matches what a group shows; the first symptom is its sample.

    A user's own rule must fit all of them: it may look at files, in which the members of a group differ.
    """
    return next(rule for rule, own in _asked(categories) if all(map(rule.matches, symptoms if own else symptoms[:1])))


def _asked(categories: Sequence[Rule]) -> Iterator[tuple[Rule, bool]]:
    """All rules in their order, and whether each is a user's own."""
    yield from ((rule, True) for rule in categories if rule.before is None)
    for built_in in rules():
        yield from ((rule, True) for rule in categories if rule.before == built_in.key)
        yield built_in, False
