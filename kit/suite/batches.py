"""Cutting a collected suite into batches that children pull: pure planning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

#: a first batch is this fraction of what one worker would get in all; later ones are the same fraction of what remains
BATCHES_A_WORKER = 8

#: a unit that is this much larger than wanted is cut, when its fixtures allow
TOO_LARGE = 1.5


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


def plan(items: Sequence[Item], indexes: Sequence[int], workers: int) -> tuple[tuple[int, ...], ...]:
    """The batches for ``indexes`` into ``items``, in the order of a plain run and with that order inside.

    Boundaries are as coarse as the wanted size allows: between modules, else between classes, functions, and tests.
    Tests that share a fixture of their module or class stay together. Batches become smaller towards the end, so that
    the workers end together.
    """
    planned: list[list[int]] = [[]]

    def wanted() -> int:
        left = len(indexes) - sum(map(len, planned[:-1]))
        return max(1, left // (workers * BATCHES_A_WORKER))

    for unit in _units(items, indexes, wanted):
        planned[-1] += unit
        if len(planned[-1]) >= wanted():
            planned.append([])
    return tuple(tuple(batch) for batch in planned if batch)


def _units(items: Sequence[Item], indexes: Iterable[int], wanted: Callable[[], int]) -> Iterable[list[int]]:
    """The runs of tests that stay together, as ``wanted`` is when their turn comes."""
    for _, module in groupby(indexes, lambda index: items[index].module):
        yield from _cut(items, list(module), wanted, _LEVELS)


#: how a run is cut, coarse to fine: what tests of a part have in common, and the shared scope that forbids this cut
_LEVELS: tuple[tuple[Callable[[Item], str], str], ...] = (
    (lambda item: item.parent, "module"),
    (lambda item: item.function, "class"),
)


def _cut(
    items: Sequence[Item],
    run: list[int],
    wanted: Callable[[], int],
    levels: tuple[tuple[Callable[[Item], str], str], ...],
) -> Iterable[list[int]]:
    if len(run) <= TOO_LARGE * wanted():
        yield run
    elif not levels:
        yield from ([index] for index in run)
    else:
        (common, forbidding), *finer = levels
        for part in _parts(items, run, common, forbidding):
            if len(part) > 1 and items[part[0]].shares == forbidding:
                yield part
            else:
                yield from _cut(items, part, wanted, tuple(finer))


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
