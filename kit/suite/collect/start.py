"""What was started to collect a suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from kit.facts.suite import StartMethod
from kit.suite.collect.collection import Collection
from kit.suite.collect.isolation import start_method_of
from kit.suite.process.processes import PytestProcess

#: each is good for what the ones before it are good for, too
_START_METHODS: tuple[StartMethod, ...] = get_args(StartMethod)


@dataclass(frozen=True)
class Start:
    """The collection of the ``first`` counts. Where it is known how workers have to begin, it is one, and so are the
    ``others``, all with this ``start_method``; the ``controller`` has prepared them, where the suite does that.
    """

    first: Collection
    others: tuple[Collection, ...] = ()
    controller: Collection | None = None
    start_method: StartMethod = "forked"

    @property
    def processes(self) -> tuple[PytestProcess, ...]:
        """All of them."""
        controllers = (self.controller,) if self.controller else ()
        return tuple(collection.process for collection in (self.first, *self.others, *controllers))

    @property
    def has_begun(self) -> bool:
        """Whether what was started are workers."""
        return self.start_method != "forked"

    @property
    def fits(self) -> bool:
        """Whether they have begun as they have to, as is known now that the suite is collected."""
        return not self.has_begun or _START_METHODS.index(start_method_of(self.first)) <= _START_METHODS.index(
            self.start_method
        )
