"""How a suite is to be run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal, get_args

from kit.facts.errors import UsageError
from kit.facts.suite import RecheckVerdict, StartMethod
from kit.platform.abilities import CAN_INHERIT

Isolation = Literal["auto", "fork", "process", "file", "test"]

#: collection may find nothing more for this many times the limit of one test, and in any case this many seconds
_COLLECTION_FACTOR, _COLLECTION_LEAST = 10, 120.0


#: the limit of a test where none is given, in seconds
USUAL_LIMIT_S = 60.0

#: a test may take this many times as long as in earlier runs, and it is ended this much later than the target itself
#: would end it, so that a plugin of the target comes first
_GROWTH, _OWN_MARGIN_S = 5, 10.0

#: a suite that takes less time, in seconds, is over before another process has collected it
_SHORT_S = 1.0


@dataclass(frozen=True)
class EarlierRuns:
    """What earlier runs of a suite have shown about it.

    :param durations: how long each test took, by node id.
    :param explained: the failures that are explained, by node id: the id of the failure, and what the test did alone.
        A test that fails like that again is not run once more.
    :param start_method: the start method that the suite needed. Workers that are not forked can then start at once;
        else they wait until a first process has collected the suite.
    :param settled_states: which changed states make no difference to which tests
        (:class:`~kit.suite.run.state_memory.StateMemory`).
    """

    durations: Mapping[str, float] = field(default_factory=dict)
    explained: Mapping[str, tuple[str, RecheckVerdict]] = field(default_factory=dict)
    start_method: StartMethod | None = None
    settled_states: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RunOptions:
    """How a suite is to be run. All times are in seconds.

    :param workers: how many processes run tests.
    :param extra_workers: how many more may join while those wait and processors are idle; only workers that are forked
        join, and none where a test reads the name of its worker.
    :param begins_alone: whether one worker begins, and the others join as soon as that is worth it: where it is not
        known how long tests take, or where they take less time than to collect the suite once more.
    :param overlays: whether each worker gets a copy-on-write overlay of the tree, if there are several (see
        :func:`~kit.suite.process.overlays.overlays_work`); this needs ``recheck_s``.
    :param overlays_if_written: the same where the suite has a file of its tree open for writing when it is collected.
    :param isolation: what runs in one process: ``"fork"`` (workers are copies of the process that has collected the
        suite), ``"process"`` (each worker collects for itself), ``"file"`` and ``"test"`` (a new child for each),
        ``"auto"`` (fork where that is safe).
    :param timeout_s: how long a test may take; then its process gets a SIGTERM. By default :data:`USUAL_LIMIT_S`, and
        more for a test to which the target itself gives more, or which has taken long before.
    :param slow_s: how long a test may take before it is called slow; half of its limit by default.
    :param grace_s: how long a test may go on after the SIGTERM before it is killed.
    :param timeouts: other limits, as pairs of a pattern (as in :mod:`fnmatch`, for node ids) and a limit; the first
        pattern that matches counts.
    :param collection_timeout_s: how long collection may take; by default as long as it goes on to find files and tests.
    :param run_timeout_s: how long the whole run may take.
    :param memory_mb: how much memory one process of the target may take.
    :param recheck_s: how long failures may be run once more; 0 leaves this out.
    :param coverage: whether the target's own coverage.py measures lines.
    :param records: whether to record which functions of the app each test runs (see :mod:`kit.suite.select`).
    :param cluster: the address of a Dask scheduler whose workers run the tests, as many at a time as they have threads.
    :param earlier: what earlier runs of the suite have shown, which nobody asks for.
    """

    workers: int = 2
    extra_workers: int = 0
    begins_alone: bool = False
    overlays: bool = False
    overlays_if_written: bool = False
    isolation: Isolation = "auto"
    timeout_s: float | None = None
    slow_s: float | None = None
    grace_s: float = 1.0
    timeouts: tuple[tuple[str, float], ...] = ()
    collection_timeout_s: float | None = None
    run_timeout_s: float | None = None
    memory_mb: int | None = None
    recheck_s: float = 20.0
    coverage: bool = False
    records: bool = False
    cluster: str | None = None
    earlier: EarlierRuns = field(default_factory=EarlierRuns)

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
        if not CAN_INHERIT:
            self._check_without_forks()
        self._check_limits()

    def _check_without_forks(self) -> None:
        if self.isolation == "fork":
            raise UsageError("This system cannot fork processes: give --isolation process, or leave it out.")
        if self.cluster:
            raise UsageError("Tests of this system cannot run on a cluster: leave out --cluster.")

    def _check_limits(self) -> None:
        if not 0 < self.usual_limit_s < math.inf:
            raise UsageError(f"A test cannot have {self.usual_limit_s:g} seconds: give --timeout-s a number above 0.")
        for name in ("slow_s", "collection_timeout_s", "run_timeout_s", "memory_mb"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise UsageError(f"{name} cannot be {value:g}: give it a number above 0, or leave it out.")
        for name in ("recheck_s", "grace_s"):
            if not 0 <= getattr(self, name) < math.inf:
                raise UsageError(f"{name} cannot be {getattr(self, name):g}: give it a number, 0 at least.")
        for pattern, seconds in self.timeouts:
            if not pattern:
                raise UsageError(f'--timeout lacks a pattern for its {seconds:g} seconds: write "PATTERN=SECONDS".')
            if not 0 < seconds < math.inf:
                raise UsageError(f'Tests like "{pattern}" cannot have {seconds:g} seconds: give a number above 0.')

    def limit_of(self, nodeid: str, own: float | None = None) -> float:
        """How long this test may take, in seconds; ``own`` is the limit that the target itself gives it."""
        named = next((limit for pattern, limit in self.timeouts if fnmatchcase(nodeid, pattern)), self.timeout_s)
        if named is not None:
            return named
        longer = 0.0 if own is None else own + _OWN_MARGIN_S
        return max(USUAL_LIMIT_S, longer, _GROWTH * self.earlier.durations.get(nodeid, 0.0))

    @property
    def usual_limit_s(self) -> float:
        """The limit of a test that no earlier run has timed, in seconds."""
        return USUAL_LIMIT_S if self.timeout_s is None else self.timeout_s

    @property
    def most_workers(self) -> int:
        """How many workers run at a time, at most."""
        return self.workers + self.extra_workers

    @property
    def is_new(self) -> bool:
        """Whether no earlier run has shown how long tests take."""
        return not self.earlier.durations

    @property
    def is_short(self) -> bool:
        """Whether all tests take less time than a usual suite takes to be collected."""
        return not self.is_new and sum(self.earlier.durations.values()) < _SHORT_S

    @property
    def has_overlays(self) -> bool:
        """Whether workers get overlays: a single worker needs none."""
        return self.overlays and self.most_workers > 1

    @property
    def may_have_overlays(self) -> bool:
        """Whether workers get overlays where the suite writes into its tree."""
        return self.overlays_if_written and self.most_workers > 1

    @property
    def collection_limit_s(self) -> float:
        """How long collection may find nothing more before it hangs, in seconds: a very large suite takes its time."""
        own = self.collection_timeout_s or max(_COLLECTION_LEAST, _COLLECTION_FACTOR * self.usual_limit_s)
        return min(own, self.run_timeout_s or own)

    @property
    def longest_collection_s(self) -> float:
        """How long collection may take in any case, in seconds."""
        return min(self.collection_timeout_s or math.inf, self.run_timeout_s or math.inf)
