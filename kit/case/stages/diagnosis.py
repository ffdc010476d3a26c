"""Stage 4: group the failures, put them in categories, name the causes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kit.causes import find_causes, no_source
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.failures import Rule, group_failures
from kit.masking import MASK

if TYPE_CHECKING:  # what reads source takes a while to import, and few failures need it
    from kit.inventory import Declarations


def explain(
    suite: SuiteFacts,
    inventory: InventoryFacts | None,
    *,
    categories: tuple[Rule, ...],
    target: str,
    loads: Callable[[], Mapping[str, frozenset[str]]] | None = None,
    source: Callable[[], Declarations] | None = None,
) -> tuple[Grouping, tuple[Cause, ...]]:
    """The groups of failures and their causes.

    ``categories`` are the user's own. ``target`` names the target in the commands of a next step. ``loads`` and
    ``source`` are asked by detectors: which modules each test file imports, and what the source declares. ``None``: the
    source is not read.
    """
    grouping = group_failures(suite, categories=categories)
    found = find_causes(inventory, suite, grouping, loads=loads or dict, source=source or no_source)
    return grouping, tuple(_with_commands(cause, target, suite) for cause in found)


def _with_commands(cause: Cause, target: str, suite: SuiteFacts) -> Cause:
    """The cause with commands that can be typed as they stand.

    No fact of a cause knows the target's path, nor the short id of a test whose node id is masked.
    """
    step = re.sub(r"\b(kit \w+) PATH\b", lambda m: f"{m[1]} {shlex.quote(target)}", cause.next_step)
    for nodeid in cause.tests:
        if MASK in nodeid and shlex.quote(nodeid) in step:
            step = step.replace(shlex.quote(nodeid), suite.runnable(nodeid)[0])
    return replace(cause, next_step=step)
