"""The scratch copy as it is between two trials: what its tests show, and what keeps its files from being collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.fixes.trials.compare import RunOutcomes
from kit.fixes.trials.effects import Effects
from kit.fixes.trials.trial_copy import Explained


@dataclass(frozen=True)
class CopyState:
    """The copy as it is: the facts of its source, the measured outcomes of its tests, and the causes of the failures.
    ``kinds`` maps failing tests to what they fail of (a group, or a cause), ``groups`` those that ran, and files that
    cannot be collected, to the group of their failure; ``modules`` the imported modules to their paths.
    ``uncollectable`` maps files that cannot be collected to their cause. ``effects`` is what the app is like at run
    time, where that was read.
    """

    facts: InventoryFacts
    causes: tuple[Cause, ...]
    state: RunOutcomes
    kinds: dict[str, str]
    groups: dict[str, str]
    modules: dict[str, str]
    uncollectable: dict[str, str] = field(default_factory=dict)
    effects: Effects | None = None

    def explains(self, groups: Mapping[str, str]) -> bool:
        """Whether all of these failures are known here: the tests and files fail as they do in this state."""
        return all(self.groups.get(name) == group for name, group in groups.items())


def step_of(explained: Explained, facts: InventoryFacts) -> CopyState:
    """The step that a whole run shows."""
    groups, modules = explained.group_of, dict(explained.suite.loaded_modules)
    return CopyState(facts, explained.causes, explained.state, groups, groups, modules, explained.uncollectable)


def files_unmasked(before: CopyState, after: Mapping[str, str], *, any_collected: bool) -> dict[str, int]:
    """How many files could not be collected and still cannot, now because of another cause; by that cause.

    Where nothing is collected at all, pytest names one file that stops it: after a fix that may be another file.
    """
    known = frozenset(before.uncollectable.values())
    is_blocked = not before.state.outcomes and not any_collected
    found = Counter(
        cause
        for path, cause in after.items()
        if (path in before.uncollectable and before.uncollectable[path] != cause) or (is_blocked and cause not in known)
    )
    return dict(found.most_common())
