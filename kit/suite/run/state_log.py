"""Logs what the workers report about the state that tests share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kit.suite.process.messages import StateChanged, StateLost, StateNamed, StateReaders
from kit.wire.layout import FILE_STATE
from kit.wire.messages import NamedState


@dataclass(frozen=True)
class LoggedChange:
    """One state that tests have left changed. ``names`` are those of which code that sees it uses one."""

    path: str
    before: str
    after: str
    names: tuple[str, ...]

    @property
    def is_file(self) -> bool:
        """Whether the state is a file: all processes see it."""
        return self.path.startswith(FILE_STATE)


@dataclass(frozen=True)
class Look:
    """What one look at the state of a process has found.

    ``tests`` have run since the last look. ``history`` are all tests of the process, of which ``place`` had run then.
    """

    tests: tuple[int, ...]
    changes: tuple[LoggedChange, ...]
    history: Sequence[int]
    place: int

    @cached_property
    def first(self) -> int:
        """The first of its tests in a plain run."""
        return min(self.tests)

    @cached_property
    def members(self) -> frozenset[int]:
        """Its tests, to ask whether one is among them."""
        return frozenset(self.tests)


@dataclass
class StateLog:
    """The looks of the main run; later, what other processes answer about states."""

    looks: list[Look] = field(default_factory=list)
    #: the looks of later runs, in which what tests change is not news
    later_looks: list[Look] = field(default_factory=list)
    readers: list[list[int]] = field(default_factory=list)
    named: dict[int, list[NamedState]] = field(default_factory=dict)
    #: the outcomes of tests in a fork with all changed state put back
    without: dict[int, str] = field(default_factory=dict)
    skipped: int = 0
    left_out: int = 0
    #: why the watch is over in a process, ``""`` where it is in none
    lost: str = ""
    #: whether the main run is over
    is_closed: bool = False

    def take(self, history: Sequence[int], message: StateChanged | StateLost | StateReaders | StateNamed) -> None:
        """Log a message of the process with this history."""
        match message:
            case StateChanged():
                self._changed(history, message)
            case StateLost(why=why):
                self.lost = self.lost or why
            case StateReaders(tests=tests):
                self.readers = tests
            case StateNamed(index=index, states=states, without=without):
                self.named[index] = states
                if without is not None:
                    self.without[index] = without

    def _changed(self, history: Sequence[int], message: StateChanged) -> None:
        """Log what the tests since the last look have changed in the process with this history."""
        if not self.is_closed:
            self.skipped += message.skipped
            self.left_out += message.left_out
        changes = tuple(
            LoggedChange(path, before, after, tuple(names)) for path, before, after, names in message.changes
        )
        if changes:
            looks = self.later_looks if self.is_closed else self.looks
            looks.append(Look(tuple(message.tests), changes, history, len(history)))
