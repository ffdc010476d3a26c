"""The events that facts are made of, typed: what has another shape does not count as an event, and is reported."""

from __future__ import annotations

from typing import Any

import msgspec

from kit.facts.ending import FailedEnd
from kit.facts.execution import Execution
from kit.facts.failures import Failure, Phase
from kit.facts.outcomes import Outcome
from kit.facts.shared_state import StateChange
from kit.facts.starting import StartRefusal
from kit.facts.suite import Coverage, RecheckVerdict, StartMethod


class SessionEvent(msgspec.Struct, frozen=True):
    """A run begins, or continues in the same file.

    A new ``attempt`` runs every test again; ``whole`` is false when only chosen tests are to run.
    """

    started: str = ""
    attempt: int = 1
    whole: bool = True


class Disabled(msgspec.Struct, frozen=True):
    """An option of the target's was switched off."""

    what: str


class Refused(msgspec.Struct, frozen=True):
    """Plain pytest refuses to start."""

    refusal: StartRefusal


class FailedEndEvent(msgspec.Struct, frozen=True):
    """Every test passes, and plain pytest's session fails at its end."""

    end: FailedEnd


class CollectedEvent(msgspec.Struct, frozen=True):
    """One test."""

    nodeid: str
    path: str
    line: int | None = None
    fixtures: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    short_id: str | None = None


class NotCollected(msgspec.Struct, frozen=True):
    """A file that could not be collected."""

    path: str
    failure: Failure


class Ready(msgspec.Struct, frozen=True):
    """Collection is over; ``tests`` is the number of tests."""

    tests: int | None = None
    loaded_modules: dict[str, str] = {}
    rootdir: str = "."
    pytest: str | None = None
    isolation: str | None = None
    beginning: StartMethod | None = None


class FailureEvent(msgspec.Struct, frozen=True):
    """A distinct failure."""

    failure: Failure


class FinishedEvent(msgspec.Struct, frozen=True):
    """A test is over."""

    nodeid: str
    outcome: Outcome
    phase: Phase | None = None
    seconds: float | None = None
    failure: str | None = None
    reason: str | None = None


class Leaked(msgspec.Struct, frozen=True):
    """A test has left processes behind."""

    nodeid: str
    processes: tuple[str, ...]


class Rechecked(msgspec.Struct, frozen=True):
    """A failing test was run once more; what is not set stays as it was."""

    nodeid: str
    alone: RecheckVerdict | msgspec.UnsetType | None = msgspec.UNSET
    outcome: Outcome | msgspec.UnsetType = msgspec.UNSET
    failure: str | msgspec.UnsetType | None = msgspec.UNSET
    reason: str | msgspec.UnsetType | None = msgspec.UNSET
    phase: Phase | msgspec.UnsetType | None = msgspec.UNSET
    seconds: float | msgspec.UnsetType | None = msgspec.UNSET

    def changes(self) -> dict[str, Any]:
        """The fields of the result that change."""
        fields = ((name, getattr(self, name)) for name in self.__struct_fields__ if name != "nodeid")
        return {name: value for name, value in fields if value is not msgspec.UNSET}


class SharedState(msgspec.Struct, frozen=True):
    """Tests share something outside of their processes."""

    what: str


class PollutedEvent(msgspec.Struct, frozen=True):
    """The outcome of a test comes of state that earlier tests change."""

    victim: str
    instead: Outcome
    polluters: tuple[str, ...] = ()
    states: tuple[StateChange, ...] = ()


class StateSettledEvent(msgspec.Struct, frozen=True):
    """Which changed states make no difference to which tests."""

    answers: tuple[int, ...]


class StateWatchEvent(msgspec.Struct, frozen=True):
    """What the watch of shared state could not do."""

    what: str


class Overlays(msgspec.Struct, frozen=True):
    """Workers have copy-on-write overlays; whether these keep tests apart."""

    help: bool


class WarningEvent(msgspec.Struct, frozen=True):
    """A warning of the target's code."""

    category: str
    message: str
    path: str | None = None
    line: int | None = None
    nodeid: str | None = None
    count: int = 1


class CoverageEvent(msgspec.Struct, frozen=True):
    """The covered lines, or the problem with them."""

    coverage: Coverage | None = None
    problem: str | None = None


class ExecutedEvent(msgspec.Struct, frozen=True):
    """The functions that failing tests have executed, and how many passing ones have."""

    execution: Execution


class ProtectionEvent(msgspec.Struct, frozen=True):
    """How the real tree is protected from the tests."""

    what: str


class TouchedEvent(msgspec.Struct, frozen=True):
    """Something of the real tree, repository or environment changed while the tests ran."""

    path: str
    how: str
    tests: tuple[str, ...] = ()


class NotAlone(msgspec.Struct, frozen=True):
    """A test file that was collected with the others cannot be collected alone."""

    path: str
    error: str


class End(msgspec.Struct, frozen=True):
    """The run is over."""

    problem: str | None = None
    interrupted: bool = False


#: the events by their kind; other kinds say nothing that lasts, or are of a later version
TYPES: dict[str, type[msgspec.Struct]] = {
    "session": SessionEvent,
    "neutralised": Disabled,
    "refused": Refused,
    "failed_end": FailedEndEvent,
    "collected": CollectedEvent,
    "collection_error": NotCollected,
    "ready": Ready,
    "failure": FailureEvent,
    "finished": FinishedEvent,
    "leaked": Leaked,
    "rechecked": Rechecked,
    "shares": SharedState,
    "views": Overlays,
    "polluted": PollutedEvent,
    "state_settled": StateSettledEvent,
    "state_watch": StateWatchEvent,
    "warning": WarningEvent,
    "coverage": CoverageEvent,
    "executed": ExecutedEvent,
    "protection": ProtectionEvent,
    "touched": TouchedEvent,
    "not_alone": NotAlone,
    "end": End,
}
