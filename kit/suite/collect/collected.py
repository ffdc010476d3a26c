"""A suite that was collected and planned: what the children run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.suite.plan.ledger import Ledger
from kit.suite.process.processes import PytestProcess
from kit.target import mask


@dataclass(frozen=True)
class Collected:
    """``nodeids`` are pytest's own, ``names`` the same without secrets, for the record. ``process`` is the one that has
    collected them: children are forked from it when ``forks``, else it works itself. ``modules`` are those that are
    imported by then and the target's own, with the paths of their files in the scratch copy. ``asks_early``: the
    suite wants to know which worker it runs in before a test runs; ``prepares``: it prepares each worker before that
    begins, in the process that has collected; ``names_workers``: something in it asks for a worker's name.
    """

    nodeids: tuple[str, ...]
    names: tuple[str, ...]
    ledger: Ledger
    process: PytestProcess
    forks: bool
    modules: Mapping[str, str]
    asks_early: bool = False
    prepares: bool = False
    names_workers: bool = False


def mask_all(names: Sequence[str]) -> tuple[str, ...]:
    """Mask many short texts in one go; one by one where a secret would reach over their borders."""
    masked = mask("\n".join(names)).split("\n")
    return tuple(masked) if len(masked) == len(names) else tuple(map(mask, names))
