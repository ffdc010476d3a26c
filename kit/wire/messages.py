"""The messages between kit and the probe that runs the target's pytest: one type for each kind, one JSON object a line.

A probe imports this module for type checks only, so it costs a run nothing. ``kit.suite.process.messages`` decodes the
messages of the probe; a test checks that both list the same kinds with the same fields of the same types.
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Tuple, TypedDict, Union

PhaseName = Literal["collect", "setup", "call", "teardown"]
Relation = Literal["cause", "context", "member"]
OutcomeName = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed", "not_run"]

#: the widest scope of the fixtures that a test shares with others; ``""``: it shares none
Scope = Literal["module", "class", ""]

#: path, line (``None``: not known), name of the function; the outermost frame comes first
FrameRecord = Tuple[str, Optional[int], str]

#: node id, file, line, fixtures, markers, node id of its class or module, function, and the scope of a fixture that
#: keeps it together with others: ``"module"``, ``"class"`` or ``""``
ItemRecord = Tuple[str, str, Optional[int], List[str], List[str], str, str, Scope]


class Link(TypedDict):
    """One exception of a chain; ``message`` may be cut, ``length`` is that of the whole one."""

    type: str
    module: str
    message: str
    length: int
    relation: Optional[Relation]
    frames: List[FrameRecord]


# -- from the probe: collecting


class Hello(TypedDict):
    """pytest is imported."""

    kind: Literal["hello"]
    pid: int
    pytest: str


class Config(TypedDict):
    """pytest has found its configuration."""

    kind: Literal["config"]
    ini: Optional[str]
    rootdir: str


class UnknownOption(TypedDict):
    """An option of a plugin that is not installed; it was left out."""

    kind: Literal["unknown_option"]
    option: str


class DoubtfulOptions(TypedDict):
    """pytest's own parser does not take the options as the target has them."""

    kind: Literal["doubtful_options"]
    why: str


class SettingOff(TypedDict):
    """A setting that a conftest or plugin has made, and that was switched off."""

    kind: Literal["setting"]
    name: str
    value: str


class NoCoverage(TypedDict):
    """The target's environment has no coverage.py."""

    kind: Literal["no_coverage"]


class WarningRaised(TypedDict):
    """A warning when it is first raised; later again, with how often it was raised since."""

    kind: Literal["warning"]
    category: str
    message: str
    path: str
    line: int
    nodeid: Optional[str]
    count: int


class Collecting(TypedDict):
    """How far collection is."""

    kind: Literal["collecting"]
    files: int
    tests: int


class CollectionFailed(TypedDict):
    """A file could not be collected."""

    kind: Literal["collection_error"]
    path: str
    chain: List[Link]


class Items(TypedDict):
    """Collected tests."""

    kind: Literal["items"]
    items: List[ItemRecord]


class CollectedAll(TypedDict):
    """Collection is over. ``modules`` are the target's imported modules with their files; ``unsafe`` says why this
    process must not be forked. The last four name what asks for the workers' names, and the hooks that prepare workers.
    """

    kind: Literal["collected"]
    modules: Dict[str, str]
    unsafe: str
    native_threads: List[str]
    asks_for_names: str
    asks_early: str
    prepares: str
    prepares_named: str
    own_limit: Optional[float]
    own_limits: Dict[str, float]


class Controls(TypedDict):
    """The process is ready to prepare workers; the hooks with which it does so."""

    kind: Literal["controls"]
    prepares: str
    prepares_named: str


class NoPytest(TypedDict):
    """pytest cannot be imported."""

    kind: Literal["no_pytest"]
    chain: List[Link]


class Ended(TypedDict):
    """An exception has left pytest; ``path`` is the conftest file that raised it, ``""``: none did."""

    kind: Literal["ended"]
    chain: List[Link]
    path: str


class InternalError(TypedDict):
    """pytest reports an internal error."""

    kind: Literal["internal_error"]
    chain: List[Link]


class Preloaded(TypedDict):
    """The libraries are imported. ``unfit`` says why no process may be forked from this one; ``files`` are those of the
    modules, and the folders in which modules are looked for.
    """

    kind: Literal["preloaded"]
    pid: int
    unfit: str
    files: List[str]


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


class Measured(TypedDict):
    """The lines that the tests have run so far are on the disk."""

    kind: Literal["measured"]


#: path, value before, value after, and the names of which code that sees the state uses one
ChangedState = Tuple[str, str, str, List[str]]


class StateChanged(TypedDict):
    """The ``tests`` since the last look have left states changed. ``left_out`` is how many are not in the list, and
    ``skipped`` how many looks between two files were left out, since they would have taken too much time.
    """

    kind: Literal["state"]
    tests: List[int]
    changes: List[ChangedState]
    left_out: int
    skipped: int


class StateReaders(TypedDict):
    """The tests that can see each of the states that kit asked about, in the same order."""

    kind: Literal["readers"]
    tests: List[List[int]]


class NamedState(TypedDict):
    """A state that a test depends on; ``by`` is the test that has changed it."""

    path: str
    before: str
    after: str
    by: int


class StateNamed(TypedDict):
    """The states that the test ``index`` depends on: with them put back it has the outcome that kit asked for."""

    kind: Literal["state_named"]
    index: int
    states: List[NamedState]


class Bye(TypedDict):
    """The worker is done."""

    kind: Literal["bye"]


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
    FailureSeen,
    Finished,
    Measured,
    StateChanged,
    StateReaders,
    StateNamed,
    Bye,
]

# -- from kit


class Fork(TypedDict):
    """Fork a child that works in ``slot``; a descriptor comes with it. ``view``: the folder for the changes of its
    overlay, ``""``: it has none.
    """

    do: Literal["fork"]
    slot: int
    stacks: str
    view: str


class Host(TypedDict):
    """Fork a process that is like a fresh one; its connection and its output come with it."""

    do: Literal["host"]


class ReapChild(TypedDict):
    """Wait for a child that is dead."""

    do: Literal["reap"]
    pid: int


class ForSlot(TypedDict):
    """Let the suite's hooks prepare the worker in ``slot``, tell them that it has ended, or work as that worker."""

    do: Literal["prepare", "dismiss", "work"]
    slot: int


class EndSession(TypedDict):
    """Let pytest end as it always does."""

    do: Literal["end"]


class Batch(TypedDict):
    """The answer to :class:`Pull`: index and node id of each test; empty when there is no more."""

    batch: List[Tuple[int, str]]


class StateBatch(Batch):
    """A batch of a process that finds out about states. ``names``: those of states; tell which tests see each of them.
    ``wanted``: indexes of tests, and the outcome that each would have without what the tests before it change.
    """

    names: List[List[str]]
    wanted: List[Tuple[int, str]]


Command = Union[Fork, Host, ReapChild, ForSlot, EndSession]
