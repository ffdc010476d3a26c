"""A suite that was collected and planned: what the children run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.suite.collect.collection import Collection
from kit.suite.plan.ledger import Ledger
from kit.suite.process.processes import PytestProcess


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
