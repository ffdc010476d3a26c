"""Cutting a collected suite into batches that children pull: pure planning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Literal

#: a first batch is this fraction of what one worker would get in all; later ones are the same fraction of what remains
BATCHES_A_WORKER = 8

#: a unit that is this much larger than wanted is cut, when its fixtures allow
TOO_LARGE = 1.5

#: a batch whose duration is known is not made shorter than this, in seconds: handing it out has its price too
_LEAST_S = 0.05


@dataclass(frozen=True)
class Item:
    """A collected test, as far as planning needs to know it.

    ``module`` is the path of its file, ``parent`` the node id of its class or module, ``function`` its name without
    parameters, ``shares`` the widest scope of its fixtures that must not be cut.
    """

    module: str
    parent: str
    function: str
    shares: Literal["module", "class", ""] = ""


def plan(
    items: Sequence[Item], indexes: Sequence[int], workers: int, durations: Mapping[int, float] | None = None
) -> tuple[tuple[int, ...], ...]:
    """The batches for ``indexes`` into ``items``, with the order of a plain run inside.

    Boundaries are as coarse as the wanted size allows: between modules, else between classes, functions, and tests.
    Tests that share a fixture of their module or class stay together. Batches become smaller towards the end, so that
    the workers end together. They are in the order of a plain run, so that each worker has its tests in that order too;
    but where ``durations`` (seconds, of those tests that are known) says that a batch would still run when all others
    have ended, it comes first.
    """
    known = durations or {}
    usual = median(known.values()) if known else 1.0
    weigh = _Weights({index: known.get(index, usual) for index in indexes})
    least = min(_LEAST_S, usual) if known else 1.0
    left = weigh(indexes)
    planned: list[list[int]] = [[]]
    filled = 0.0

    def wanted() -> float:
        return max(least, left / (workers * BATCHES_A_WORKER))

    for unit in _units(items, indexes, weigh, wanted):
        weight = weigh(unit)
        if filled >= wanted() or (planned[-1] and filled + weight > TOO_LARGE * wanted()):
            left -= filled
            filled = 0.0
            planned.append([])
        planned[-1] += unit
        filled += weight
    batches = [tuple(batch) for batch in planned if batch]
    return tuple(_deciding_first(batches, weigh, workers) if known and workers > 1 else batches)


def one_each(
    items: Sequence[Item], indexes: Sequence[int], isolation: Literal["file", "test"]
) -> tuple[tuple[int, ...], ...]:
    """A batch for each file, or for each test, in the order of a plain run."""
    if isolation == "test":
        return tuple((index,) for index in indexes)
    return tuple(tuple(batch) for _, batch in groupby(indexes, lambda index: items[index].module))


def _deciding_first(batches: list[tuple[int, ...]], weigh: _Weights, workers: int) -> list[tuple[int, ...]]:
    """First those that are longer than what the others will have to do then, the longest before all; small ones never
    matter.
    """
    left = sum(map(weigh, batches))
    least = left / (workers * BATCHES_A_WORKER * 2)
    deciding: list[tuple[int, ...]] = []
    others: list[tuple[int, ...]] = []
    for batch in batches:
        weight = weigh(batch)
        (deciding if weight > max(least, left / workers) else others).append(batch)
        left -= weight
    return sorted(deciding, key=weigh, reverse=True) + others


class _Weights:
    """What tests weigh: seconds, or each the same."""

    def __init__(self, each: Mapping[int, float]) -> None:
        self._each = each

    def __call__(self, indexes: Iterable[int]) -> float:
        return sum(self._each[index] for index in indexes)


def _units(
    items: Sequence[Item], indexes: Iterable[int], weigh: _Weights, wanted: Callable[[], float]
) -> Iterable[list[int]]:
    """The runs of tests that stay together, as ``wanted`` is when their turn comes."""
    for _, module in groupby(indexes, lambda index: items[index].module):
        yield from _cut(items, list(module), weigh, wanted, _LEVELS)


#: how a run is cut, coarse to fine: what tests of a part have in common, and the shared scope that forbids this cut
_LEVELS: tuple[tuple[Callable[[Item], str], str], ...] = (
    (lambda item: item.parent, "module"),
    (lambda item: item.function, "class"),
)


def _cut(
    items: Sequence[Item],
    run: list[int],
    weigh: _Weights,
    wanted: Callable[[], float],
    levels: tuple[tuple[Callable[[Item], str], str], ...],
) -> Iterable[list[int]]:
    if weigh(run) <= TOO_LARGE * wanted():
        yield run
    elif not levels:
        yield from ([index] for index in run)
    else:
        (common, forbidding), *finer = levels
        for part in _parts(items, run, common, forbidding):
            if len(part) > 1 and items[part[0]].shares == forbidding:
                yield part
            else:
                yield from _cut(items, part, weigh, wanted, tuple(finer))


def _parts(
    items: Sequence[Item], run: list[int], common: Callable[[Item], str], forbidding: str
) -> Iterable[list[int]]:
    """Neighbours that share ``common``; from the first to the last test that ``forbidding`` binds is one part."""
    bound = [position for position, index in enumerate(run) if items[index].shares == forbidding]
    start, end = (bound[0], bound[-1] + 1) if bound else (0, 0)
    for stretch, together in ((run[:start], False), (run[start:end], True), (run[end:], False)):
        if together and stretch:
            yield stretch
        else:
            for _, part in groupby(stretch, lambda index: common(items[index])):
                yield list(part)
