"""Cases of one target at several moments, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kit.causes import find_causes
from kit.facts.case import Case, CaseFacts
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

TARGET = Target("/srv/shop", "shop", None, (".",), ("tests",))

#: what became of each test: ``None`` for passed, an outcome in angle brackets, or the message of a LookupError
Tests = Mapping[str, str | None]


def case_at(
    hour: int,
    tests: Tests | None,
    *,
    revision: str | None = None,
    inventory: InventoryFacts | None = None,
    line: int = 7,
    path: str = "shop/prices.py",
    seconds: float = 0.1,
) -> CaseFacts:
    """A case that began at this hour, with the causes that kit finds. Failures break off at ``path:line``."""
    facts = None if tests is None else _ran(tests, path, line, seconds)
    grouping = group_failures(facts) if facts else None
    target = replace(TARGET, revision=revision, dirty=None if revision is None else False)
    head = Case(f"at-{hour}", f"2026-11-23T{hour:02d}:00:00+00:00", "0.2.0", target)
    return CaseFacts(head, (), inventory, facts, grouping, find_causes(inventory, facts, grouping))


def _ran(tests: Tests, path: str, line: int, seconds: float) -> SuiteFacts:
    messages = {text for text in tests.values() if text and not text.startswith("<")}
    failures = {
        text: failure_with(text, "builtins.LookupError", frames=(own(path, line, "show", "raise LookupError()"),))
        for text in messages
    }
    results = [
        result(nodeid, failures[text], seconds=seconds)
        if text in failures
        else result(nodeid, outcome=text.strip("<>") if text else "passed", seconds=seconds)  # type: ignore[arg-type]
        for nodeid, text in tests.items()
    ]
    return suite(results, failures.values())
