"""What the probe reports while it collects, and the records that its messages share.

A probe imports this module for type checks only, so it costs a run nothing.
"""

from __future__ import annotations

from typing import Dict, List, Literal, Optional, Tuple, TypedDict

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
    process must not be forked, ``writes_tree`` whether it has a file of the tree open for writing. ``asks_for_names``
    and those after it name what asks for the workers' names, and the hooks that prepare workers. ``end_hooks`` are the
    places of hooks that may decide how pytest's session ends.
    """

    kind: Literal["collected"]
    modules: Dict[str, str]
    unsafe: str
    writes_tree: bool
    native_threads: List[str]
    asks_for_names: str
    asks_early: str
    prepares: str
    prepares_named: str
    own_limit: Optional[float]
    own_limits: Dict[str, float]
    end_hooks: List[str]


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
