"""Which files may well have brought a cause: those that its failing tests run, and those that it names."""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.suite import SuiteFacts


def files_behind(cause: Cause, facts: CaseFacts) -> frozenset[str]:
    """The paths of the target's files that a cause names, that its failures break off in, and that its failing tests
    have executed.
    """
    failures = {one for group in _groups(cause, facts) for one in group}
    found = {place.path for place in cause.locations}
    if facts.suite is not None:
        found |= {*_broken_off_in(failures, facts.suite), *_executed(failures, facts.suite)}
    return frozenset(found)


def _groups(cause: Cause, facts: CaseFacts) -> Iterator[tuple[str, ...]]:
    for group in facts.grouping.groups if facts.grouping else ():
        if group.id in cause.groups:
            yield group.failure_ids


def _broken_off_in(failures: set[str], suite: SuiteFacts) -> Iterator[str]:
    for failure in failures & suite.failures.keys():
        for exception in suite.failures[failure].chain:
            yield from (frame.path for frame in exception.frames if frame.owner != "library")


def _executed(failures: set[str], suite: SuiteFacts) -> Iterator[str]:
    execution = suite.execution
    if execution is not None:
        for failure in failures & execution.failing.keys():
            yield from (execution.functions[number].path for number, _ in execution.failing[failure].executed)
