"""Plants faults in the healthy demo, one and two at a time, and scores what kit makes of them.

``python -m tests.plant.measure [PAIRS]`` (at least 1, 6 unless told) prints a line a planting and the medians. A test's
label is the fault that breaks it when it is planted alone; tests that several faults break are scored with none.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Inventory, mark_loaded
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.plant.faults import FAULTS, Fault, healthy_tree, plant
from tests.plant.scores import adjusted_rand_index, wrong_merges


@dataclass(frozen=True)
class Outcome:
    """What kit made of a planting: each bad test or file with its group and its cause, and the causes as ranked."""

    group_of: Mapping[str, str]
    cause_of: Mapping[str, str]
    causes: tuple[Cause, ...]


def investigate(healthy: Path, faults: Sequence[Fault], folder: Path) -> Outcome:
    """Plant, run and group; the tree is a copy in ``folder``."""
    tree = Path(shutil.copytree(healthy, folder / "tree"))
    plant(tree, faults)
    target = find_target(tree)
    suite = run_suite(target, events=folder / "events.jsonl", options=RunOptions(workers=1, timeout_s=20))
    grouping = group_failures(suite)
    causes = find_causes(mark_loaded(Inventory.of(target).facts, suite.loaded_modules), suite, grouping)
    cause_of = {name: cause.id for cause in causes for name in (*cause.tests, *cause.uncollectable)}
    return Outcome(grouping.group_of, cause_of, causes)


def names(cause: Cause, fault: Fault) -> bool:
    """Whether a cause is the fault: its id, or, where that is only a group, a place in a file of the fault."""
    if cause.id == fault.cause:
        return True
    return cause.kind == fault.cause and any(place.path in fault.files for place in cause.locations)


def place_of(causes: Sequence[Cause], fault: Fault) -> int | None:
    """At which place, from 1, the fault is named."""
    return next((number for number, cause in enumerate(causes, 1) if names(cause, fault)), None)


def main(pairs: int) -> None:
    scores: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        healthy = healthy_tree(root / "healthy")
        alone: dict[Fault, Outcome] = {}
        for fault in FAULTS:
            alone[fault] = investigate(healthy, [fault], _new(root, fault.name))
            labels: dict[str, Hashable] = dict.fromkeys(alone[fault].group_of, fault.name)
            _tell([fault], labels, alone[fault])
        # spread over the kinds, not only the first kind with all others
        every = list(combinations(FAULTS, 2))
        for two in every[:: max(1, len(every) // pairs)][:pairs]:
            outcome = investigate(healthy, two, _new(root, "+".join(fault.name for fault in two)))
            breaks = {fault.name: set(alone[fault].group_of) for fault in two}
            by_name = {name: [fault for fault, broken in breaks.items() if name in broken] for name in outcome.group_of}
            labels = {name: by[0] for name, by in by_name.items() if len(by) == 1}
            index = _tell(two, labels, outcome)
            if len(set(labels.values())) == 2:  # else one fault hides all of the other, and there is nothing to part
                scores.append(index)
    if scores:
        told = f"median {statistics.median(scores):.2f}, worst {min(scores):.2f} (adjusted Rand index of causes)"
        sys.stdout.write(f"{len(scores)} of {pairs} pairs part the tests: {told}\n")


def _new(root: Path, name: str) -> Path:
    folder = root / name.replace(" ", "-")
    folder.mkdir()
    return folder


def _tell(faults: Sequence[Fault], labels: Mapping[str, Hashable], outcome: Outcome) -> float:
    index = adjusted_rand_index(labels, outcome.cause_of)
    merged = wrong_merges(labels, outcome.cause_of)
    places = [place_of(outcome.causes, fault) for fault in faults]
    named = [f"{fault.name} (named {place or 'nowhere'})" for fault, place in zip(faults, places, strict=True)]
    counts = f"{len(labels)} bad, {len(set(outcome.group_of.values()))} groups, {len(outcome.causes)} causes"
    sys.stdout.write(f"{' + '.join(named)}: {counts}, index {index:.2f}, merged {merged:.0%}\n")
    sys.stdout.flush()
    return index


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 6)
