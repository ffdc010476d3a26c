"""Cuts a collected suite into the batches that workers pull."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapreplace
from itertools import groupby
from statistics import median
from typing import Literal

#: the first batch is one part in this many of one worker's share; later batches are the same part of what remains
BATCHES_A_WORKER = 8

#: a unit that is this many times larger than wanted is cut, if its fixtures allow it
TOO_LARGE = 1.5

#: the shortest batch with known durations, in seconds: handing out a batch takes time too
_LEAST_S = 0.05


#: batches leave the order of a plain run if the run then ends earlier by this part of its time
_LEAST_GAIN = 0.03

#: with a leader there are at least this many files for each worker: files stay whole then
_LEAST_FILES = 2

#: tests, as indexes into the collected suite, in the order of a plain run
Batch = tuple[int, ...]


@dataclass(frozen=True)
class Item:
    """A collected test, as far as planning needs it.

    ``module`` is the path of its file, ``parent`` the node id of its class or module, ``function`` its name without
    parameters, ``shared_scope`` the widest scope of its fixtures whose tests have to stay together.
    """

    module: str
    parent: str
    function: str
    shared_scope: Literal["module", "class", ""] = ""


def plan(
    items: Sequence[Item], indexes: Sequence[int], workers: int, durations: Mapping[int, float] | None = None
) -> tuple[tuple[int, ...], ...]:
    """The batches for ``indexes`` into ``items``.

    Boundaries are as coarse as the wanted size allows: between modules, else between classes, functions and tests.
    Tests that share a fixture of their module or class stay together. Batches become smaller towards the end, so that
    the workers end together.

    The batches and the tests in them have the order of a plain run. ``durations`` (the seconds of those tests that have
    run before) may show that a batch would still run after all others: then it comes first, together with the earlier
    batches of its files, if they can end in time.
    """
    known, weigh, least = _known(indexes, durations)
    total = weigh(indexes)
    batches = _cut_to_size(items, indexes, weigh, lambda at: max(least, (total - at) / (workers * BATCHES_A_WORKER)))
    if not known or workers == 1 or not batches:
        return tuple(batches)
    files = [items[index].module for index in indexes]
    begins = dict(zip(reversed(files), reversed(indexes), strict=True))
    return tuple(_ending_early(batches, weigh, workers, lambda index: begins[items[index].module]))


def plan_with_leader(
    items: Sequence[Item],
    indexes: Sequence[int],
    workers: int,
    durations: Mapping[int, float] | None = None,
    *,
    most_workers: int = 0,
) -> tuple[Batch, ...] | None:
    """Batches for a run in which one worker takes them from the first on, and all others from the last on: so it runs
    the first part of a plain run, until it meets them. Files stay whole. Batches are small where they meet.

    ``None`` where the run would take longer like this: a file is too large, there are too few for the ``most_workers``
    that there may be, or the ``durations`` show it.
    """
    known, weigh, least = _known(indexes, durations)
    total, others = weigh(indexes), workers - 1
    whole = [list(module) for _, module in groupby(indexes, lambda index: items[index].module)]
    if not others or len(whole) < _LEAST_FILES * max(workers, most_workers) or max(map(weigh, whole)) * workers > total:
        return None
    meeting, later = total / workers, max(1, 2 * others - 1)

    def wanted(at: float) -> float:
        return max(least, (at - meeting) / later if at > meeting else (meeting - at) / BATCHES_A_WORKER)

    batches = _filled(whole, weigh, wanted)
    if known:
        ends = _simulated(batches, weigh, workers, has_leader=True)[0]
        if ends > (1 + _LEAST_GAIN) * _simulated(plan(items, indexes, workers, known), weigh, workers)[0]:
            return None
    return batches


def one_each(
    items: Sequence[Item], indexes: Sequence[int], isolation: Literal["file", "test"]
) -> tuple[tuple[int, ...], ...]:
    """A batch for each file, or for each test, in the order of a plain run."""
    if isolation == "test":
        return tuple((index,) for index in indexes)
    return tuple(tuple(batch) for _, batch in groupby(indexes, lambda index: items[index].module))


def _ending_early(
    batches: Sequence[Batch], weigh: Callable[[Batch], float], workers: int, begin_of: Callable[[int], int]
) -> Sequence[Batch]:
    """The order of a plain run, except that batches which would end last come first, if the run ends earlier then.

    ``begin_of`` gives the first test of a test's file. A worker that has run a later part of a file may not get an
    earlier part any more; that part would wait for a new process. So the earlier parts of the file move forward too,
    unless the run would then end later.
    """
    order, (end, last) = batches, _simulated(batches, weigh, workers)
    while True:
        for moved in (_up_to(last, batches, begin_of), [last]):
            candidate = list(dict.fromkeys([*moved, *order]))
            earlier, latest = _simulated(candidate, weigh, workers)
            if earlier < end * (1 - _LEAST_GAIN):
                break
        else:
            return order
        order, end, last = candidate, earlier, latest


def _simulated(
    order: Sequence[Batch], weigh: Callable[[Batch], float], workers: int, *, has_leader: bool = False
) -> tuple[float, Batch]:
    """When the last batch ends, and which one that is, if each free worker takes the next batch; if it ``has_leader``,
    all but one take the last.
    """
    free, end, last = [(0.0, slot) for slot in range(workers)], 0.0, order[0]
    waiting = deque(order)
    while waiting:
        began, slot = free[0]
        batch = waiting.pop() if has_leader and slot else waiting.popleft()
        ends = began + weigh(batch)
        heapreplace(free, (ends, slot))
        if ends >= end:
            end, last = ends, batch
    return end, last


def _up_to(batch: Batch, batches: Sequence[Batch], begin_of: Callable[[int], int]) -> Sequence[Batch]:
    """The batch, and the batches before it from which on no file is cut."""
    start = at = batches.index(batch)
    begin = min(map(begin_of, batch))
    while batches[start][0] > begin:
        start -= 1
        begin = min(begin, *map(begin_of, batches[start]))
    return batches[start : at + 1]


def _known(
    indexes: Sequence[int], durations: Mapping[int, float] | None
) -> tuple[Mapping[int, float], _Weights, float]:
    """The durations that are known, the weights of all tests, and that of the smallest batch."""
    known = durations or {}
    usual = median(known.values()) if known else 1.0
    weigh = _Weights({index: known.get(index, usual) for index in indexes})
    return known, weigh, min(_LEAST_S, usual) if known else 1.0


class _Weights:
    """The weight of tests: their seconds, or the same for each."""

    def __init__(self, each: Mapping[int, float]) -> None:
        self._each = each

    def __call__(self, indexes: Iterable[int]) -> float:
        return sum(self._each[index] for index in indexes)


def _cut_to_size(
    items: Sequence[Item], indexes: Sequence[int], weigh: _Weights, size_at: Callable[[float], float]
) -> tuple[Batch, ...]:
    """Batches of the size that is wanted at each weight; files are cut where they are too large for that."""
    at = 0.0

    def wanted(weight: float) -> float:
        nonlocal at
        at = weight
        return size_at(weight)

    return _filled(_units(items, indexes, weigh, lambda: size_at(at)), weigh, wanted)


def _filled(units: Iterable[list[int]], weigh: _Weights, wanted: Callable[[float], float]) -> tuple[Batch, ...]:
    """Batches of one unit or more, of the size that is wanted where they begin, given the weight of all before them."""
    planned: list[list[int]] = [[]]
    at = filled = 0.0
    for unit in units:
        weight = weigh(unit)
        if filled >= wanted(at) or (planned[-1] and filled + weight > TOO_LARGE * wanted(at)):
            at += filled
            filled = 0.0
            planned.append([])
        planned[-1] += unit
        filled += weight
    return tuple(tuple(batch) for batch in planned if batch)


def _units(
    items: Sequence[Item], indexes: Iterable[int], weigh: _Weights, wanted: Callable[[], float]
) -> Iterable[list[int]]:
    """The units of tests that stay together. ``wanted`` is the size of a batch, which shrinks as units are taken."""
    for _, module in groupby(indexes, lambda index: items[index].module):
        yield from _cut(items, list(module), weigh, wanted, _LEVELS)


#: how a unit is cut, from coarse to fine: what the tests of a part have in common, and the scope that forbids the cut
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
            if len(part) > 1 and items[part[0]].shared_scope == forbidding:
                yield part
            else:
                yield from _cut(items, part, weigh, wanted, tuple(finer))


def _parts(
    items: Sequence[Item], run: list[int], common: Callable[[Item], str], forbidding: str
) -> Iterable[list[int]]:
    """Cut where ``common`` changes, but not between the first and the last test with the scope ``forbidding``."""
    bound = [position for position, index in enumerate(run) if items[index].shared_scope == forbidding]
    start, end = (bound[0], bound[-1] + 1) if bound else (0, 0)
    for stretch, together in ((run[:start], False), (run[start:end], True), (run[end:], False)):
        if together and stretch:
            yield stretch
        else:
            for _, part in groupby(stretch, lambda index: common(items[index])):
                yield list(part)
