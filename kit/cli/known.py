"""The issues that a target has accepted: what they mean for the exit code of a command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import history
from kit import target as targets
from kit.cli.progress import say

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.inventory import InventoryFacts
    from kit.facts.target import Target


def accepted_in_source(path: str | Path, target: Target, inventory: InventoryFacts) -> frozenset[str]:
    """:func:`accepted` for the findings that the source alone shows."""
    if not targets.find_project_config(path).table.get("known"):
        return frozenset()
    from kit.facts.case import Case, CaseFacts  # all that a case can hold: most scans need none of it

    return accepted(path, CaseFacts(Case("", "", "", target), inventory=inventory))


def accepted(path: str | Path, facts: CaseFacts, *, is_whole: bool = True) -> frozenset[str]:
    """The ids of causes and findings that the target at ``path`` has accepted; each issue that is met, expired or gone
    gets a line. ``is_whole`` says whether the command was to run all tests that the configuration names.
    """
    found = targets.find_project_config(path)
    if not found.table.get("known"):
        return frozenset()
    issues = history.read_known(found.table, str(found.file))
    is_whole = is_whole and _tests(facts.case.parameters) == _tests(found.table)
    judged = history.judge(issues, facts, datetime.now(UTC).date(), is_whole=is_whole)
    for issue in judged.known:
        say(f"known: {issue.sentence}")
    for issue in judged.expired:
        say(f"known, but expired: {issue.sentence}; it decides the exit code again")
    for issue in judged.removable:
        say(f"no longer there: {issue.sentence}; remove it from {found.file.name}")
    return judged.accepted


def _tests(options: Mapping[str, Any]) -> list[str]:
    """The test paths that options name; empty for all."""
    given = options.get("tests") or ()
    return [given] if isinstance(given, str) else sorted(given)
