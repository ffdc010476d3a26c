"""Stage 2 and all further questions about imports: the source as it is now."""

from __future__ import annotations

from kit.facts.target import Target
from kit.inventory import Declarations, Inventory, imported_by_tests


def source_of(target: Target) -> Inventory:
    """The source, for questions: importers, cycles, chains, what stops importing without a module."""
    return Inventory.of(target, runtime=False)


def declarations_of(target: Target) -> Declarations:
    """What the source declares, read when it is first used."""
    return Declarations.of(target)


def loads_of(target: Target) -> dict[str, frozenset[str]]:
    """By test file: the files of the target that it imports, directly or not."""
    return imported_by_tests(target)
