"""A suite that was collected and planned: what the children run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.suite.collect.collection import Collection
from kit.suite.plan.ledger import Ledger
from kit.suite.process.processes import PytestProcess
from kit.target import mask


@dataclass(frozen=True)
class Collected:
    """``nodeids`` are pytest's own, ``names`` the same without secrets, for the record. ``process`` is the one that has
    collected them: children are forked from it when ``forks``, and it can work itself when it ``is_worker``. The suite
    prepares each worker in the ``controller`` before that begins, if there is one. ``others`` collect already what
    they are going to run. ``modules`` are those that are imported by now and the target's own, with the paths of their
    files in the scratch copy. ``names_workers``: something in the suite asks for a worker's name.
    """

    nodeids: tuple[str, ...]
    names: tuple[str, ...]
    ledger: Ledger
    process: PytestProcess
    forks: bool
    modules: Mapping[str, str]
    is_worker: bool
    controller: PytestProcess | None
    others: tuple[Collection, ...]
    names_workers: bool


def mask_all(names: Sequence[str]) -> tuple[str, ...]:
    """Mask many short texts in one go; one by one where a secret would reach over their borders."""
    masked = mask("\n".join(names)).split("\n")
    return tuple(masked) if len(masked) == len(names) else tuple(map(mask, names))
