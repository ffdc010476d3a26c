"""The rules: each module of this package finds one kind of defect.

A rule is a module with a function ``find(view: View) -> Iterator[Finding]``; it is found by being here. What several
rules use is in ``shared``; a module without ``find`` is a helper and is passed over.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import get_args

from kit.facts.inventory import Finding, Severity
from kit.inventory.findings.both_sides import join_sides
from kit.inventory.findings.shared.view import View

_SEVERITIES: tuple[Severity, ...] = get_args(Severity)

Rule = Callable[[View], Iterator[Finding]]


def find_all(view: View) -> tuple[Finding, ...]:
    """What all rules find, the most severe first, then by id."""
    return sort_findings(join_sides([finding for find in rules() for finding in find(view)]))


def sort_findings(findings: list[Finding]) -> tuple[Finding, ...]:
    """The most severe first, then by id."""
    return tuple(sorted(findings, key=lambda finding: (_SEVERITIES.index(finding.severity), finding.id)))


@cache
def rules() -> tuple[Rule, ...]:
    """The ``find`` of every rule, by the name of its module."""
    modules = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__) if not info.ispkg]
    return tuple(module.find for module in modules if hasattr(module, "find"))
