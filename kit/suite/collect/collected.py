"""A suite that was collected and cut into batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kit.facts.suite import CollectionError
from kit.suite.collect.collection import Collection
from kit.suite.plan.ledger import Ledger
from kit.suite.process.processes import PytestProcess


@dataclass(frozen=True)
class Collected:
    """A collected suite and its processes.

    - ``nodeids``: the node ids of pytest; ``names``: the same without secrets, for the record.
    - ``process``: the process that has collected the suite. Workers are forked from it if ``forks``; if ``is_worker``,
      it can run tests itself.
    - ``modules``: the modules of the target that are imported by now, with the paths of their files in the copy.
    - ``controller``: the process in which the suite prepares each worker before it starts, if the suite does that.
    - ``others``: more processes that collect the suite and then run tests.
    - ``has_overlays``: each worker sees only its own changes to the files.
    - ``errors``: the files that could not be collected.
    - ``rootdir``: pytest's, relative to the root of the target.
    - ``names_workers``: something in the suite reads the name of its worker.
    - ``end_hooks``: the places of hooks that may decide how pytest's session ends.
    - ``own_limits``: the limits that the target itself gives tests, by node id; ``own_limit`` is that of all others, if
      they have one.
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
    has_overlays: bool
    errors: tuple[CollectionError, ...]
    rootdir: str
    names_workers: bool
    own_limit: float | None
    own_limits: Mapping[str, float]
    end_hooks: tuple[str, ...]
