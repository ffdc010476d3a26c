"""Finds tests that were skipped because a test on which they depend ran in another process, or not before them.

Plugins such as pytest-dependency and pytest-depends skip a test whose dependency has not passed in its process.
"""

from __future__ import annotations

import re
from collections import defaultdict

from kit.facts.suite import SuiteFacts
from kit.suite.run.execution_log import ExecutionLog

_REASON = re.compile(r"\bdepends on (.+?)\s*$")


def missing_dependencies(facts: SuiteFacts, log: ExecutionLog) -> frozenset[int]:
    """The skipped tests whose reason names an earlier test that had not run before them in their process."""
    skipped = {
        index: found[1]
        for index, result in enumerate(facts.results)
        if result.outcome == "skipped" and (found := _REASON.search(result.reason or ""))
    }
    if not skipped:
        return frozenset()
    by_name: dict[str, list[int]] = defaultdict(list)
    for index, result in enumerate(facts.results):
        parts = result.nodeid.split("::")
        for start in range(len(parts)):
            by_name["::".join(parts[start:])].append(index)
    return frozenset(
        index
        for index, name in skipped.items()
        if any(other < index and other not in log.before(index) for other in by_name[name])
    )
