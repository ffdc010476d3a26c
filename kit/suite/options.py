"""How a suite is to be run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, get_args

from kit.facts.errors import UsageError
from kit.facts.suite import RecheckVerdict, StartMethod

Isolation = Literal["auto", "fork", "process", "file", "test"]

#: collection may take this many times as long as one test, and at least so many seconds
_COLLECTION_FACTOR, _COLLECTION_LEAST = 10, 120.0


@dataclass(frozen=True)
class RunOptions:
    """How a suite is to be run. All times are in seconds.

    So many ``workers`` run the tests; as long as they wait for something while processors are idle, up to
    ``extra_workers`` more join them, where that takes a fork only and no test asks which worker runs it.
    With ``overlays`` each worker, where there are several, sees only its own changes to the files of the tree (see
    :func:`~kit.suite.process.overlays.overlays_work`); needs ``recheck_s``.
    ``isolation`` says what runs in one process: ``"fork"`` (children are copies of the process that collected),
    ``"process"`` (each worker collects for itself), ``"file"`` and ``"test"`` (a new child for each), ``"auto"`` (fork
    where that is safe). A test is called slow after ``slow_s`` (half of its limit by default), gets a SIGTERM after
    ``timeout_s``, and is killed ``grace_s`` later; ``timeouts`` are pairs of a pattern (as of :mod:`fnmatch`, on node
    ids) and another limit, the first that matches counts. ``collection_timeout_s`` limits collection,
    ``run_timeout_s`` the whole run, ``memory_mb`` what one process of the target may take.

    Failures are run once more, alone, for at most ``recheck_s`` (0: not at all). ``coverage`` measures lines with the
    target's own coverage.py. ``cluster`` is the address of a Dask scheduler whose workers run the tests; as many
    at a time as they have threads. ``durations`` are those of earlier runs by node id, ``explained`` the
    ids of failures of an earlier one, with what the test did alone: where a test fails like that again, it is not asked
    again. ``start_method`` is how the processes that run tests had to begin: those of a suite that is not forked
    need not wait then until another one has collected it.
    """

    workers: int = 2
    extra_workers: int = 0
    overlays: bool = False
    isolation: Isolation = "auto"
    timeout_s: float = 30.0
    slow_s: float | None = None
    grace_s: float = 1.0
    timeouts: tuple[tuple[str, float], ...] = ()
    collection_timeout_s: float | None = None
    run_timeout_s: float | None = None
    memory_mb: int | None = None
    recheck_s: float = 20.0
    coverage: bool = False
    cluster: str | None = None
    durations: Mapping[str, float] = field(default_factory=dict)
    explained: Mapping[str, tuple[str, RecheckVerdict]] = field(default_factory=dict)
    start_method: StartMethod | None = None

    def __post_init__(self) -> None:
        """Check the values. Raises :class:`UsageError`."""
        if self.workers < 1:
            raise UsageError(f"{self.workers} workers cannot run tests: give --workers a number from 1 up.")
        if self.extra_workers < 0:
            raise UsageError(f"extra_workers cannot be {self.extra_workers}: give it a number, 0 at least.")
        if self.isolation not in get_args(Isolation):
            known = ", ".join(get_args(Isolation))
            raise UsageError(f'There is no isolation "{self.isolation}": choose one of {known}.')
        if self.cluster and self.coverage:
            raise UsageError("Lines cannot be measured on a cluster: leave out --coverage or --cluster.")
        self._check_limits()

    def _check_limits(self) -> None:
        if not 0 < self.timeout_s < math.inf:
            raise UsageError(f"A test cannot have {self.timeout_s:g} seconds: give --timeout-s a number above 0.")
        for name in ("slow_s", "collection_timeout_s", "run_timeout_s", "memory_mb"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise UsageError(f"{name} cannot be {value:g}: give it a number above 0, or leave it out.")
        for name in ("recheck_s", "grace_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise UsageError(f"{name} cannot be {getattr(self, name):g}: give it a number, 0 at least.")
        for pattern, seconds in self.timeouts:
            if not pattern:
                raise UsageError(f'A limit of {seconds:g} seconds is for no test: write --timeout "PATTERN=SECONDS".')
            if not 0 < seconds < math.inf:
                raise UsageError(f'Tests like "{pattern}" cannot have {seconds:g} seconds: give a number above 0.')

    def limit_of(self, nodeid: str) -> float:
        """How long this test may take."""
        return next((limit for pattern, limit in self.timeouts if fnmatchcase(nodeid, pattern)), self.timeout_s)

    @property
    def most_workers(self) -> int:
        """How many run tests at a time, at most."""
        return self.workers + self.extra_workers

    @property
    def has_overlays(self) -> bool:
        """Whether there are workers to be kept apart."""
        return self.overlays and self.most_workers > 1

    @property
    def collection_limit_s(self) -> float:
        """How long collection may take."""
        own = self.collection_timeout_s or max(_COLLECTION_LEAST, _COLLECTION_FACTOR * self.timeout_s)
        return min(own, self.run_timeout_s or own)
