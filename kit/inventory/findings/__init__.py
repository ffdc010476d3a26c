"""The rules: each module of this package finds one kind of defect.

A rule is a module with a function ``find(view: View) -> Iterator[Finding]``; it is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import get_args

from kit.facts.inventory import Finding, Severity
from kit.inventory.findings.view import View

#: modules of the package that hold what rules share
_NO_RULES = frozenset({"view", "severities", "columns", "places", "both_sides"})
_SEVERITIES: tuple[Severity, ...] = get_args(Severity)


def find_all(view: View) -> tuple[Finding, ...]:
    """What all rules find, the most severe first, then by id."""
    from kit.inventory.findings.both_sides import join_sides  # which needs rules of this package

    return sort_findings(join_sides([finding for find in _rules() for finding in find(view)]))


def sort_findings(findings: list[Finding]) -> tuple[Finding, ...]:
    """The most severe first, then by id."""
    return tuple(sorted(findings, key=lambda finding: (_SEVERITIES.index(finding.severity), finding.id)))


def _rules() -> Iterator[Callable[[View], Iterator[Finding]]]:
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _NO_RULES:
            yield importlib.import_module(f"{__name__}.{module.name}").find
