"""The parts of a case's facts, each written and read as a whole: its head, and its lists in tables of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection

from kit.facts.failures import Grouping
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.store import lists, overview
from kit.store.heads import load_head, read_head, save_head

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.fixes import FixFacts
    from kit.facts.inventory import InventoryFacts


def save_inventory(connection: Connection, case_id: str, facts: InventoryFacts) -> None:
    """Replace the case's inventory."""
    head = replace(facts, mapped_classes=(), collisions=(), findings=(), importers=())
    save_head(connection, case_id, "inventory", head)
    lists.MAPPED_CLASSES.replace(connection, case_id, facts.mapped_classes)
    lists.COLLISIONS.replace(connection, case_id, facts.collisions)
    lists.FINDINGS.replace(connection, case_id, facts.findings)
    lists.IMPORTERS.replace(connection, case_id, facts.importers)


def load_inventory(connection: Connection, case_id: str) -> InventoryFacts | None:
    """The case's inventory, ``None`` where none was made."""
    head = read_head(connection, case_id, "inventory")
    if not head:
        return None
    from kit.facts.inventory import InventoryFacts  # a case of tests only has none, and its classes take a while

    return replace(
        msgspec.convert(head, InventoryFacts),
        mapped_classes=lists.MAPPED_CLASSES.read(connection, case_id),
        collisions=lists.COLLISIONS.read(connection, case_id),
        findings=lists.FINDINGS.read(connection, case_id),
        importers=lists.IMPORTERS.read(connection, case_id),
    )


def save_suite(connection: Connection, case_id: str, facts: SuiteFacts) -> None:
    """Replace the case's collected tests and outcomes."""
    head = replace(facts, tests=(), results=(), collection_errors=(), failures={})
    save_head(connection, case_id, "suite", head)
    save_head(connection, case_id, "ended", overview.ended(facts))
    save_head(connection, case_id, "tests", facts.tests)
    lists.replace_results(connection, case_id, facts.results)
    lists.COLLECTION_ERRORS.replace(connection, case_id, facts.collection_errors)
    lists.FAILURES.replace(connection, case_id, tuple(facts.failures.values()))


def load_suite(connection: Connection, case_id: str) -> SuiteFacts | None:
    """The case's collected tests and outcomes, ``None`` where there are none."""
    head = load_head(connection, case_id, "suite", SuiteFacts)
    if head is None:
        return None
    return replace(
        head,
        tests=load_head(connection, case_id, "tests", tuple[CollectedTest, ...]) or (),
        results=load_head(connection, case_id, "results", tuple[TestResult, ...]) or (),
        collection_errors=lists.COLLECTION_ERRORS.read(connection, case_id),
        failures={failure.id: failure for failure in lists.FAILURES.read(connection, case_id)},
    )


def save_diagnosis(connection: Connection, case_id: str, grouping: Grouping, causes: tuple[Cause, ...]) -> None:
    """Replace the case's groups, categories and causes."""
    save_head(connection, case_id, "grouping", replace(grouping, groups=()))
    save_head(connection, case_id, "named", overview.named(causes))
    lists.GROUPS.replace(connection, case_id, grouping.groups)
    lists.CAUSES.replace(connection, case_id, causes)


def load_grouping(connection: Connection, case_id: str) -> Grouping | None:
    """The case's groups of failures, ``None`` where they were not grouped."""
    head = load_head(connection, case_id, "grouping", Grouping)
    return replace(head, groups=lists.GROUPS.read(connection, case_id)) if head else None


def save_fixes(connection: Connection, case_id: str, facts: FixFacts) -> None:
    """Replace the case's fix options, trials and layers."""
    save_head(connection, case_id, "fixes", replace(facts, options=(), trials=(), layers=()))
    lists.FIX_OPTIONS.replace(connection, case_id, facts.options)
    lists.TRIALS.replace(connection, case_id, facts.trials)
    lists.LAYERS.replace(connection, case_id, facts.layers)


def load_fixes(connection: Connection, case_id: str) -> FixFacts | None:
    """The case's fix options, trials and layers, ``None`` where no fix was tried."""
    head = read_head(connection, case_id, "fixes")
    if not head:
        return None
    from kit.facts.fixes import FixFacts  # most readers need none

    return replace(
        msgspec.convert(head, FixFacts),
        options=lists.FIX_OPTIONS.read(connection, case_id),
        trials=lists.TRIALS.read(connection, case_id),
        layers=lists.LAYERS.read(connection, case_id),
    )
