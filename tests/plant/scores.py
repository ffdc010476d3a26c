"""How well groups and labels agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from math import comb


def adjusted_rand_index(labels: Mapping[str, Hashable], groups: Mapping[str, Hashable]) -> float:
    """1 where both part the same names in the same way, about 0 where they agree by chance only (Hubert and Arabie)."""
    names = sorted(labels.keys() & groups.keys())
    both = _pairs(Counter((labels[name], groups[name]) for name in names))
    in_labels, in_groups = _pairs(Counter(labels[n] for n in names)), _pairs(Counter(groups[n] for n in names))
    expected = in_labels * in_groups / comb(len(names), 2) if len(names) > 1 else 0.0
    most = (in_labels + in_groups) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def wrong_merges(labels: Mapping[str, Hashable], groups: Mapping[str, Hashable]) -> float:
    """The share of names that are in a group in which another label is the most frequent."""
    names = sorted(labels.keys() & groups.keys())
    by_group: dict[Hashable, Counter[Hashable]] = {}
    for name in names:
        by_group.setdefault(groups[name], Counter())[labels[name]] += 1
    wrong = sum(counts.total() - max(counts.values()) for counts in by_group.values())
    return wrong / len(names) if names else 0.0


def _pairs(counts: Counter[Hashable]) -> int:
    return sum(comb(count, 2) for count in counts.values())
