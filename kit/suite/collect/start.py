"""The processes that were started to collect a suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from kit.facts.suite import StartMethod
from kit.suite.collect.collection import Collection
from kit.suite.collect.isolation import start_method_of
from kit.suite.process.processes import PytestProcess

#: in this order: each start method also serves a suite that needs an earlier one
_START_METHODS: tuple[StartMethod, ...] = get_args(StartMethod)


@dataclass(frozen=True)
class Start:
    """The processes that collect a suite at the same time; what ``first`` collects counts.

    If an earlier run has shown which ``start_method`` the suite needs, ``first`` and ``others`` are workers that were
    started so. The ``controller`` has prepared them, if the suite prepares its workers.
    """

    first: Collection
    others: tuple[Collection, ...] = ()
    controller: Collection | None = None
    start_method: StartMethod = "forked"

    @property
    def processes(self) -> tuple[PytestProcess, ...]:
        """All processes."""
        controllers = (self.controller,) if self.controller else ()
        return tuple(collection.process for collection in (self.first, *self.others, *controllers))

    @property
    def has_begun(self) -> bool:
        """Whether these processes are workers, and will run tests."""
        return self.start_method != "forked"

    @property
    def fits(self) -> bool:
        """Whether the workers were started as the suite needs it, which is known once it is collected."""
        return not self.has_begun or _START_METHODS.index(start_method_of(self.first)) <= _START_METHODS.index(
            self.start_method
        )
