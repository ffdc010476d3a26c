"""The messages between kit and the probe that runs the target's pytest: one type for each kind, one JSON object a line.

A probe imports this module for type checks only, so it costs a run nothing. ``kit.suite.process.messages`` decodes the
messages of the probe; a test checks that both list the same kinds with the same fields of the same types.
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Tuple, TypedDict, Union

from .collecting import (
    CollectedAll,
    Collecting,
    CollectionFailed,
    Config,
    Controls,
    DoubtfulOptions,
    Ended,
    Hello,
    InternalError,
    Items,
    Link,
    NoCoverage,
    NoPytest,
    OutcomeName,
    PhaseName,
    Preloaded,
    SettingOff,
    UnknownOption,
    WarningRaised,
)

# -- from the probe: answers to commands


class Forked(TypedDict):
    """A child was forked."""

    kind: Literal["forked"]
    pid: int


class Reaped(TypedDict):
    """A child has ended; ``status`` as ``waitpid`` gives it."""

    kind: Literal["reaped"]
    status: int


class PreparedWorker(TypedDict):
    """What the suite's hooks give a worker; ``None`` if they fail, and then why."""

    kind: Literal["prepared"]
    input: Optional[Dict[str, Any]]
    chain: List[Link]


class Dismissed(TypedDict):
    """The suite's hooks know that a worker has ended."""

    kind: Literal["dismissed"]


# -- from the probe: running tests


class NoOverlay(TypedDict):
    """The worker has no copy-on-write overlay of the files."""

    kind: Literal["no_view"]
    why: str


class Broken(TypedDict):
    """A child could not begin."""

    kind: Literal["broken"]
    chain: List[Link]


class Pull(TypedDict):
    """The worker wants the next batch."""

    kind: Literal["pull"]


class Staying(TypedDict):
    """The worker has run its last test and waits, as kit wants it to. It ``keeps`` a fixture that outlives files."""

    kind: Literal["staying"]
    keeps: bool


class FailureSeen(TypedDict):
    """A distinct failure, before the first test that points to it."""

    kind: Literal["failure"]
    id: str
    phase: PhaseName
    fixture: Optional[str]
    chain: List[Link]
    tail: str


class Finished(TypedDict):
    """A test is over. ``phases`` are the seconds of set-up, call and tear-down; ``newest_pid`` is the newest process of
    the system at that moment.
    """

    kind: Literal["finished"]
    index: int
    outcome: OutcomeName
    phase: Optional[PhaseName]
    reason: Optional[str]
    failure: Optional[str]
    seconds: Optional[float]
    phases: List[float]
    newest_pid: Optional[int]


class Executed(TypedDict):
    """What a test has run of the app, or (``index`` -1) what ran while the suite was collected.

    A unit is a function that no other one contains, by its file and first line: see the probe's ``marking``. ``new``
    are units that get the next numbers of this connection, from 0; after index -1 they begin anew. ``units``: those
    of the test. ``imports``: units that ran while files were imported or collected (``""``: outside of any). ``edges``:
    files that made others load. ``seen`` and ``unseen``: files whose units can be seen, or not.
    """

    kind: Literal["executed"]
    index: int
    new: List[Tuple[str, int]]
    units: List[int]
    imports: List[Tuple[int, List[str]]]
    edges: List[Tuple[str, str]]
    seen: List[str]
    unseen: List[str]


class Lines(TypedDict):
    """The lines of the app's functions that a test has run, by path."""

    kind: Literal["lines"]
    index: int
    files: Dict[str, List[int]]


class Measured(TypedDict):
    """The lines that the tests have run so far are on the disk."""

    kind: Literal["measured"]


#: path, value before, value after, and the names of which code that sees the state uses one
ChangedState = Tuple[str, str, str, List[str]]


class StateChanged(TypedDict):
    """The ``tests`` since the last look have left states changed. ``left_out`` is how many are not in the list, and
    ``skipped`` how many looks were left out, since they would have taken too much time.
    """

    kind: Literal["state"]
    tests: List[int]
    changes: List[ChangedState]
    left_out: int
    skipped: int


class StateLost(TypedDict):
    """The watch of shared state has failed in this process, and is over."""

    kind: Literal["state_lost"]
    why: str


class StateReaders(TypedDict):
    """The tests that can see each of the states that kit asked about, in the same order."""

    kind: Literal["readers"]
    tests: List[List[int]]


class NamedState(TypedDict):
    """A changed state that a test has seen; one of the tests ``by`` has changed it last."""

    path: str
    before: str
    after: str
    by: List[int]


class StateNamed(TypedDict):
    """The changed states that the code of the test ``index`` has seen; ``without``: its outcome with all of them put
    back, ``""``: it did not end, ``None``: that was not asked. ``forks``: how often it ran in a fork to find that out.
    """

    kind: Literal["state_named"]
    index: int
    states: List[NamedState]
    without: Optional[str]
    forks: int


class Bye(TypedDict):
    """The worker is done. ``exits``: what may make plain pytest fail afterwards although its tests pass, the places of
    handlers that may end Python with an exit code of their own, and ``session.shouldfail``.
    """

    kind: Literal["bye"]
    exits: List[str]


FromProbe = Union[
    Hello,
    Config,
    UnknownOption,
    DoubtfulOptions,
    SettingOff,
    NoCoverage,
    WarningRaised,
    Collecting,
    CollectionFailed,
    Items,
    CollectedAll,
    Controls,
    NoPytest,
    Ended,
    InternalError,
    Preloaded,
    Forked,
    Reaped,
    PreparedWorker,
    Dismissed,
    NoOverlay,
    Broken,
    Pull,
    Staying,
    FailureSeen,
    Finished,
    Executed,
    Lines,
    Measured,
    StateChanged,
    StateLost,
    StateReaders,
    StateNamed,
    Bye,
]
