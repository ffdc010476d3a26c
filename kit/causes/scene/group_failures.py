"""The failures of groups, in their order, and their roots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts
from kit.failures import Root, find_root

#: the ids of the failures of each of several groups
IdsOfGroups: TypeAlias = tuple[tuple[str, ...], ...]

#: the answers about this many sets of groups are kept
_MOST_KEPT = 2_000


class GroupFailures:
    """The failures of a run. ``ids`` takes the ids of the failures of groups and returns the known ones, those of most
    tests first; ``roots`` returns their roots. Both keep their answers, as each detector asks for the same groups.
    """

    def __init__(self, suite: SuiteFacts, failures: Mapping[str, Failure]) -> None:
        """``failures`` are those of tests and of collection, by id."""
        self._suite, self._failures = suite, failures
        self.ids = lru_cache(_MOST_KEPT)(self._sorted)
        self.roots = lru_cache(_MOST_KEPT)(self._roots)

    def _sorted(self, groups: IdsOfGroups) -> Sequence[str]:
        known = (failure for ids in groups for failure in ids if failure in self._failures)
        return sorted(known, key=lambda failure: -self._affected[failure])

    def _roots(self, groups: IdsOfGroups) -> tuple[Root, ...]:
        return tuple(map(self._every_root.__getitem__, self.ids(groups)))

    @cached_property
    def _every_root(self) -> Mapping[str, Root]:
        return {identity: find_root(failure) for identity, failure in self._failures.items()}

    @cached_property
    def _affected(self) -> Counter[str]:
        """The number of tests and uncollectable files that point to each failure."""
        counts = Counter(result.failure for result in self._suite.results if result.failure)
        counts.update(error.failure.id for error in self._suite.collection_errors)
        return counts
