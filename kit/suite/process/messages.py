"""The messages of the probe, as :mod:`kit.wire.messages` describes them; what fits none is counted (`Misfits`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from kit.facts.failures import Phase
from kit.suite.process.execution_messages import Executed as Executed
from kit.suite.process.execution_messages import Lines as Lines
from kit.suite.process.execution_messages import Staying as Staying
from kit.wire.collecting import ItemRecord, Link, OutcomeName
from kit.wire.messages import ChangedState, NamedState


class Hello(msgspec.Struct, frozen=True, tag_field="kind", tag="hello"):
    """pytest is imported."""

    pid: int
    pytest: str


class Config(msgspec.Struct, frozen=True, tag_field="kind", tag="config"):
    """pytest has found its configuration."""

    ini: str | None
    rootdir: str


class UnknownOption(msgspec.Struct, frozen=True, tag_field="kind", tag="unknown_option"):
    """An option of a plugin that is not installed; it was left out."""

    option: str


class DoubtfulOptions(msgspec.Struct, frozen=True, tag_field="kind", tag="doubtful_options"):
    """pytest's own parser does not take the options as the target has them."""

    why: str


class SettingOff(msgspec.Struct, frozen=True, tag_field="kind", tag="setting"):
    """A setting that was switched off."""

    name: str
    value: str


class NoCoverage(msgspec.Struct, frozen=True, tag_field="kind", tag="no_coverage"):
    """The target's environment has no coverage.py."""


class WarningRaised(msgspec.Struct, frozen=True, tag_field="kind", tag="warning"):
    """A warning of the target's code."""

    category: str
    message: str
    path: str
    line: int
    nodeid: str | None
    count: int


class Collecting(msgspec.Struct, frozen=True, tag_field="kind", tag="collecting"):
    """How far collection is."""

    files: int
    tests: int


class CollectionFailed(msgspec.Struct, frozen=True, tag_field="kind", tag="collection_error"):
    """A file could not be collected."""

    path: str
    chain: list[Link]


class Items(msgspec.Struct, frozen=True, tag_field="kind", tag="items"):
    """Collected tests."""

    items: list[ItemRecord]


class CollectedAll(msgspec.Struct, frozen=True, tag_field="kind", tag="collected"):
    """Collection is over."""

    modules: dict[str, str]
    unsafe: str
    writes_tree: bool
    native_threads: list[str]
    asks_for_names: str
    asks_early: str
    prepares: str
    prepares_named: str
    own_limit: float | None
    own_limits: dict[str, float]
    end_hooks: list[str]


class Controls(msgspec.Struct, frozen=True, tag_field="kind", tag="controls"):
    """The process is ready to prepare workers."""

    prepares: str
    prepares_named: str


class NoPytest(msgspec.Struct, frozen=True, tag_field="kind", tag="no_pytest"):
    """pytest cannot be imported."""

    chain: list[Link]


class Ended(msgspec.Struct, frozen=True, tag_field="kind", tag="ended"):
    """An exception has left pytest."""

    chain: list[Link]
    path: str


class InternalError(msgspec.Struct, frozen=True, tag_field="kind", tag="internal_error"):
    """pytest reports an internal error."""

    chain: list[Link]


class Preloaded(msgspec.Struct, frozen=True, tag_field="kind", tag="preloaded"):
    """The libraries are imported."""

    pid: int
    unfit: str
    files: list[str]


class Forked(msgspec.Struct, frozen=True, tag_field="kind", tag="forked"):
    """A child was forked."""

    pid: int


class Reaped(msgspec.Struct, frozen=True, tag_field="kind", tag="reaped"):
    """A child has ended."""

    status: int


class PreparedWorker(msgspec.Struct, frozen=True, tag_field="kind", tag="prepared"):
    """What the suite's hooks give a worker."""

    input: dict[str, Any] | None
    chain: list[Link]


class Dismissed(msgspec.Struct, frozen=True, tag_field="kind", tag="dismissed"):
    """The suite's hooks know that a worker has ended."""


class NoOverlay(msgspec.Struct, frozen=True, tag_field="kind", tag="no_view"):
    """The worker has no copy-on-write overlay of the files."""

    why: str


class Broken(msgspec.Struct, frozen=True, tag_field="kind", tag="broken"):
    """A child could not begin."""

    chain: list[Link]


class Pull(msgspec.Struct, frozen=True, tag_field="kind", tag="pull"):
    """The worker wants the next batch."""


class FailureSeen(msgspec.Struct, frozen=True, tag_field="kind", tag="failure"):
    """A distinct failure."""

    id: str
    phase: Phase
    fixture: str | None
    chain: list[Link]
    tail: str


class Finished(msgspec.Struct, frozen=True, tag_field="kind", tag="finished"):
    """A test is over."""

    index: int
    outcome: OutcomeName
    phase: Phase | None
    reason: str | None
    failure: str | None
    seconds: float | None
    phases: list[float]
    newest_pid: int | None


class Measured(msgspec.Struct, frozen=True, tag_field="kind", tag="measured"):
    """The lines that the tests have run so far are on the disk."""


class StateChanged(msgspec.Struct, frozen=True, tag_field="kind", tag="state"):
    """Tests have left states changed."""

    tests: list[int]
    changes: list[ChangedState]
    left_out: int
    skipped: int


class StateLost(msgspec.Struct, frozen=True, tag_field="kind", tag="state_lost"):
    """The watch of shared state is over."""

    why: str


class StateReaders(msgspec.Struct, frozen=True, tag_field="kind", tag="readers"):
    """Which tests can see states."""

    tests: list[list[int]]


class StateNamed(msgspec.Struct, frozen=True, tag_field="kind", tag="state_named"):
    """The changed states that a test has seen."""

    index: int
    states: list[NamedState]
    without: str | None
    forks: int


class Bye(msgspec.Struct, frozen=True, tag_field="kind", tag="bye"):
    """The worker is done."""

    exits: list[str]


FromProbe = (
    Hello
    | Config
    | UnknownOption
    | DoubtfulOptions
    | SettingOff
    | NoCoverage
    | WarningRaised
    | Collecting
    | CollectionFailed
    | Items
    | CollectedAll
    | Controls
    | NoPytest
    | Ended
    | InternalError
    | Preloaded
    | Forked
    | Reaped
    | PreparedWorker
    | Dismissed
    | NoOverlay
    | Broken
    | Pull
    | Staying
    | FailureSeen
    | Finished
    | Executed
    | Lines
    | Measured
    | StateChanged
    | StateLost
    | StateReaders
    | StateNamed
    | Bye
)

DECODER: msgspec.json.Decoder[FromProbe] = msgspec.json.Decoder(FromProbe)


@dataclass
class Misfits:
    """Counts what arrived and fits no type, and keeps why the first of it does not."""

    number: int = 0
    first: str = ""

    def add(self, error: Exception) -> None:
        """Count one more."""
        self.number += 1
        self.first = self.first or str(error)

    @property
    def problem(self) -> str | None:
        """The problem that this is, in a sentence; ``None`` when everything fitted."""
        if not self.number:
            return None
        what = "1 message" if self.number == 1 else f"{self.number:,} messages"
        return f"{what} of the processes that run the tests could not be read ({self.first}): results may be missing."
