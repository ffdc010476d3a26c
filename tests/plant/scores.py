"""How well groups and labels agree, and how well causes name what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from math import comb
from pathlib import PurePosixPath

from kit.facts.causes import Cause
from tests.plant.app import Place, Planting
from tests.plant.runs import NOTHING_RAN

#: a cause names its first places; what comes behind them is a list to look through
_PLACES = 3


def adjusted_rand_index(labels: Mapping[str, Hashable], groups: Mapping[str, Hashable]) -> float:
    """1 where both part the same names in the same way, about 0 where they agree by chance only (Hubert and Arabie)."""
    names = sorted(labels.keys() & groups.keys())
    both = _pairs(Counter((labels[name], groups[name]) for name in names))
    in_labels, in_groups = _pairs(Counter(labels[n] for n in names)), _pairs(Counter(groups[n] for n in names))
    expected = in_labels * in_groups / comb(len(names), 2) if len(names) > 1 else 0.0
    most = (in_labels + in_groups) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def wrong_merges(labels: Mapping[str, Hashable], groups: Mapping[str, Hashable]) -> int:
    """The number of names that are in a group in which another label is the most frequent."""
    by_group: dict[Hashable, Counter[Hashable]] = {}
    for name in sorted(labels.keys() & groups.keys()):
        by_group.setdefault(groups[name], Counter())[labels[name]] += 1
    return sum(counts.total() - max(counts.values()) for counts in by_group.values())


def labels_of(
    ways: Mapping[str, str], alone: Mapping[Planting, Mapping[str, str]], healthy: Mapping[str, str]
) -> dict[str, Planting]:
    """Each bad test or file with the one planting that makes it fail in this way when it is planted alone.

    ``ways``, ``healthy`` and those of ``alone`` say how each fails. What no planting alone shows in this way, or
    several do, has no label, nor has what fails without any.
    """
    labels = {}
    for name, way in ways.items():
        by = [planting for planting, shown in alone.items() if shown.get(name) == way]
        if len(by) == 1 and name not in healthy:
            labels[name] = by[0]
    return labels


def names_file(cause: Cause, planting: Planting) -> bool:
    """Whether one of the first places of a cause is in a file of the planting."""
    return any(place.path == planted.path for place in cause.locations[:_PLACES] for planted in planting.places)


def names_line(cause: Cause, planting: Planting) -> bool:
    """Whether one of the first places of a cause is a line of the planting."""
    return any(Place(place.path, place.line) in planting.places for place in cause.locations[:_PLACES])


def all_named(causes: Sequence[Cause], plantings: Sequence[Planting]) -> bool:
    """Whether the first causes, one more than there are plantings, name each in its file."""
    first = causes[: len(plantings) + 1]
    return all(any(names_file(cause, planting) for cause in first) for planting in plantings)


def _pairs(counts: Counter[Hashable]) -> int:
    return sum(comb(count, 2) for count in counts.values())


def all_show(broken: Sequence[Collection[str]]) -> bool:
    """Whether each of several faults breaks a test, or a file, that no other one breaks or hides. ``broken`` are the
    names that each breaks alone.
    """
    return all(
        any(not any(_hides(other, name) for other in broken if other is not one) for name in one) for one in broken
    )


def _hides(broken: Collection[str], name: str) -> bool:
    """Whether a test or a file says nothing of its own where these names are broken: a file that cannot be collected
    hides its tests, a conftest.py those of its folder, and a suite that does not start all.
    """
    path = name.partition("::")[0]
    return (
        name in broken
        or path in broken
        or NOTHING_RAN in broken
        or any(f"{folder}/conftest.py".removeprefix("./") in broken for folder in map(str, PurePosixPath(path).parents))
    )
