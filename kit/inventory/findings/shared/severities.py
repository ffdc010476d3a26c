"""How bad it is that a class cannot be mapped or configured: as bad as it is likely to be imported."""

from __future__ import annotations

from kit.facts.inventory import Severity
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.source.roles import TOGETHER, role_of


def when_imported(view: View, *paths: str) -> Severity:
    """It blocks now when the suite loads all the files. Else it blocks once they are imported, and is no more than a
    smell in examples and migrations.
    """
    if view.suite_paths is not None and set(paths) <= view.suite_paths:
        return "blocks_now"
    if not all(role_of(path) in TOGETHER for path in paths):
        return "smell"
    return "blocks_now" if view.suite_paths is None else "blocks_when_both_imported"


def runs(view: View, *mappers: Mapper) -> bool:
    """Whether the running target has configured these very mappers without an error, whatever source looks like."""
    runtime = view.runtime
    complete = runtime.configuration is None and not runtime.problems
    return complete and all(mapper.runtime is not None for mapper in mappers)
