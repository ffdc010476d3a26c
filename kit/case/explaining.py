"""Explains the failures of a case: their groups, and their causes with owners and lines of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kit import history
from kit.case import stages
from kit.case.options import CaseOptions
from kit.case.record import CaseRecord
from kit.facts.failures import Grouping
from kit.facts.suite import SuiteFacts

if TYPE_CHECKING:  # a run of the tests alone needs none of them, and importing them takes a while
    from kit.facts.causes import Cause
    from kit.facts.inventory import InventoryFacts
    from kit.inventory import Declarations


def explain_failures(
    record: CaseRecord,
    options: CaseOptions,
    suite: SuiteFacts | None,
    inventory: InventoryFacts | None,
    *,
    loads: Callable[[], Mapping[str, frozenset[str]]],
    source: Callable[[], Declarations],
) -> tuple[Grouping, tuple[Cause, ...]]:
    """The groups of failures, and their causes.

    ``loads`` and ``source`` are called when a detector needs them: which modules each test file imports, and what the
    source declares.
    """
    if inventory is None and suite and suite.is_fine:  # what explains failures takes a while to import
        return _foreseen(suite, record), ()
    root = record.case.target.path
    if inventory is None:
        from kit.facts.inventory import InventoryFacts
        from kit.inventory import read_pins  # what moved since the lock file is known without reading the source

        inventory = InventoryFacts(files=0, pins=read_pins(root))
    grouping, causes = stages.explain(
        suite or SuiteFacts(),
        inventory,
        categories=options.own_categories(),
        loads=loads,
        source=source,
        environment=record.environment(),
    )
    if causes:
        causes = tuple(history.read_owners(root).with_owners(causes))
    return grouping, tuple(stages.with_excerpts(causes, root))


def _foreseen(suite: SuiteFacts, record: CaseRecord) -> Grouping:
    """What a run without failures tells: the releases that its warnings are about."""
    if not suite.warnings:
        return Grouping((), (), {})
    from kit.causes import forecasts_of

    return Grouping((), (), {}, forecasts_of(suite.warnings, record.environment()))
