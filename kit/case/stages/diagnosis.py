"""Stage 4: group the failures, put them in categories, name the causes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kit.causes import find_causes, forecasts_of, no_source
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.upgrades import NO_ENVIRONMENT, Environment
from kit.failures import Rule, group_failures
from kit.masking import MASK

if TYPE_CHECKING:  # what reads source takes a while to import, and few failures need it
    from kit.inventory import Declarations


def explain(
    suite: SuiteFacts,
    inventory: InventoryFacts | None,
    *,
    categories: tuple[Rule, ...],
    loads: Callable[[], Mapping[str, frozenset[str]]] | None = None,
    source: Callable[[], Declarations] | None = None,
    environment: Environment = NO_ENVIRONMENT,
) -> tuple[Grouping, tuple[Cause, ...]]:
    """The groups of failures and their causes, and what the warnings say of the next releases.

    ``categories`` are the user's own. Detectors call ``loads`` and ``source``: which modules each test file
    imports, and what the source declares. ``None``: the source is not read.
    ``environment`` is what the target runs in.
    """
    grouping = group_failures(suite, categories=categories)
    found = find_causes(
        inventory, suite, grouping, loads=loads or dict, source=source or no_source, environment=environment
    )
    grouping = replace(grouping, forecasts=forecasts_of(suite.warnings, environment))
    return grouping, tuple(_with_short_ids(cause, suite) for cause in found)


def _with_short_ids(cause: Cause, suite: SuiteFacts) -> Cause:
    """The cause with a command that can be typed: a test whose node id is masked has a short id in it."""
    masked = {word: suite.runnable(word)[0] for word in cause.next_step.argv if word in cause.tests and MASK in word}
    return replace(cause, next_step=cause.next_step.with_words(masked))
