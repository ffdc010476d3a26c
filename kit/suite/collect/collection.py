"""Follows one process of the target while it collects the suite."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.suite import CollectionError
from kit.suite.options import RunOptions
from kit.suite.process.board import Board
from kit.suite.process.messages import (
    CollectedAll,
    Collecting,
    CollectionFailed,
    Config,
    Controls,
    DoubtfulOptions,
    Ended,
    Executed,
    FromProbe,
    Hello,
    InternalError,
    Items,
    NoCoverage,
    NoPytest,
    SettingOff,
    UnknownOption,
    WarningRaised,
)
from kit.suite.process.outcomes import exit_reason
from kit.suite.process.processes import PytestProcess
from kit.suite.process.stacks import dump_stack, read_stack
from kit.suite.record.coverage import NOT_INSTALLED
from kit.suite.record.failures import FailureReader
from kit.suite.select.gathering import Gathered
from kit.wire.collecting import ItemRecord

#: how often kit records that collection goes on, in seconds
_HEARTBEAT = 0.5

_ERROR_LINE = re.compile(r"^(?:ERROR: |.*: error: |kit: |(?=Error while loading plugin ))(.+)$", re.MULTILINE)

#: a line of the message of an exception, as pytest shows it
_RAISED = re.compile(r"^E {3}(\S.+)$", re.MULTILINE)

_ADVICE = "fix that, or choose other tests with --tests"

#: the usual exit code of pytest for wrong options and broken conftest files
_USAGE_ERROR = 4


@dataclass
class Collection:
    """Follows a process until its suite is collected (``ready``), or it cannot be (``problem`` says why).

    ``is_named``: the process has known the name of its worker from the start. ``culprit`` is the test file whose import
    ended the process, as pytest names it, if there is one: the rest of the suite can be collected without it.
    ``failure`` is the failure of that import.
    """

    process: PytestProcess
    reader: FailureReader
    board: Board
    say: Callable[..., None]
    gathered: Gathered
    is_named: bool = False
    items: list[ItemRecord] = field(default_factory=list)
    errors: list[CollectionError] = field(default_factory=list)
    unknown_options: list[str] = field(default_factory=list)
    has_doubtful_options: bool = False
    modules: dict[str, str] = field(default_factory=dict)
    unsafe: str = ""
    writes_tree: bool = False
    native_threads: list[str] = field(default_factory=list)
    asks_for_names: str = ""
    asks_early: str = ""
    prepares: str = ""
    prepares_named: str = ""
    own_limit: float | None = None
    own_limits: dict[str, float] = field(default_factory=dict)
    end_hooks: list[str] = field(default_factory=list)
    pytest: str | None = None
    config: Config = field(default_factory=lambda: Config(ini=None, rootdir=""))
    ready: bool = False
    problem: str | None = None
    has_hung: bool = False
    culprit: str | None = None
    failure: Failure | None = None

    def __post_init__(self) -> None:
        self._began = self._recorded = self._found_more = time.monotonic()
        self._found = {"files": 0, "tests": 0}

    @property
    def trouble(self) -> str:
        """What the problem is, without the advice."""
        return (self.problem or "").removesuffix(f"; {_ADVICE}.").removesuffix(".")

    def read(self) -> None:
        """Read the messages that have arrived."""
        for message in self.process.connection.receive():
            self._take(message)
        if self.process.connection.closed and not self.ready:
            self._explain_death()

    def tick(self, options: RunOptions) -> None:
        """Record that collection goes on, and end one that hangs: one that finds nothing more, or takes too long."""
        now = time.monotonic()
        if now - self._recorded > _HEARTBEAT:
            self._recorded = now
            self.say("collecting", **self._found)
        if self.ready or self.problem:
            return
        if now - self._began > options.longest_collection_s:
            self._end_hanging(f"{options.longest_collection_s:g} s")
        elif now - self._found_more > options.collection_limit_s:
            self._end_hanging(f"{options.collection_limit_s:g} s of what it found last")

    def take_over_from(self, controller: Collection) -> None:
        """Take over from the controller what prepares workers: prepared workers do not find that out themselves."""
        self.prepares, self.prepares_named = controller.prepares, controller.prepares_named
        self.asks_for_names = self.prepares or self.asks_for_names

    def _take(self, message: FromProbe) -> None:
        match message:
            case Hello():
                self.process.pid, self.pytest = self.process.outside(message.pid), message.pytest
            case Config():
                self.config = message
            case Collecting():
                self._recorded = self._found_more = time.monotonic()
                self._found = {"files": message.files, "tests": message.tests}
                self.say("collecting", **self._found)
            case Items():
                self.items.extend(message.items)
            case CollectedAll():
                self._collected(message)
            case Controls():
                self.prepares, self.prepares_named, self.ready = message.prepares, message.prepares_named, True
            case NoPytest() | Ended() | InternalError():
                self._cannot_go_on(message)
            case _:
                self._take_note(message)

    def _take_note(self, message: FromProbe) -> None:
        """Keep what does not end collection."""
        match message:
            case UnknownOption():
                self.unknown_options.append(message.option)
            case DoubtfulOptions():
                self.has_doubtful_options = True
            case SettingOff(name=name, value=value):
                what = f"{name} = {value} (set by a conftest or plugin): would have ended the run"
                self.say("neutralised", what=what)
            case NoCoverage():
                self.say("coverage", coverage=None, problem=NOT_INSTALLED)
            case WarningRaised():
                self.say("warning", **self.reader.warning(message))
            case Executed():
                self.gathered.take(self.process.connection, message)
            case CollectionFailed():
                failure = self.reader.failure(message.chain, "collect")
                self.errors.append(CollectionError(self.reader.path(message.path), failure))

    def _collected(self, message: CollectedAll) -> None:
        self.modules, self.unsafe, self.ready = message.modules, message.unsafe, True
        self.writes_tree = message.writes_tree
        self.native_threads, self.asks_for_names = message.native_threads, message.asks_for_names
        self.asks_early = message.asks_early
        self.prepares, self.prepares_named = message.prepares, message.prepares_named
        self.own_limit, self.own_limits = message.own_limit, message.own_limits
        self.end_hooks = message.end_hooks

    def _cannot_go_on(self, message: NoPytest | Ended | InternalError) -> None:
        failure = self.reader.failure(message.chain, "collect")
        if isinstance(message, NoPytest):
            self.problem = (
                f"pytest cannot be imported by the target's interpreter ({failure.raised.type}: "
                f"{failure.raised.message}): install it there, or name another interpreter with --python."
            )
        else:
            self._ended(failure, message.path if isinstance(message, Ended) else "")

    def _ended(self, failure: Failure, conftest: str) -> None:
        """An exception has left pytest before a test ran. Later exceptions are only consequences of it."""
        if self.problem or self.ready:
            return
        self.failure = failure
        root = failure.chain[-1]
        own = _own_frame(root)
        where = f" at {own.path}:{own.line}" if own else ""
        what = f"{root.type}: {root.message}".rstrip(": ").partition("\n")[0]
        self._blame(f"{what}{where}", self.reader.path(conftest) if conftest else None)

    def _explain_death(self) -> None:
        returncode = self.process.wait(1.0)
        if self.problem:
            return
        output = self.process.output_tail()
        said = self.reader.text(_last_error(output))
        if returncode == _USAGE_ERROR and said:
            self.problem = f"pytest refused to start: {said}"
            return
        reason = exit_reason(returncode)
        stack = read_stack(self.process.stacks) or output
        self.failure = self.reader.from_stack("Crash", reason, "collect", stack)
        self._blame(f"{reason}{': ' + said if said else ''}")

    def _end_hanging(self, limit: str) -> None:
        self.has_hung = True
        stack = dump_stack(self.process.pid, self.process.stacks)
        reason = f"collection did not end within {limit}"
        self.failure = self.reader.from_stack("Timeout", reason, "collect", stack)
        own = _own_frame(self.failure.raised)
        self._blame(f"{reason}{f' (it hangs at {own.path}:{own.line})' if own else ''}")

    def _blame(self, what: str, conftest: str | None = None) -> None:
        """Name the file that was being imported, and note whether the suite can be collected without it."""
        assert self.failure is not None
        file = self.board.collecting(self.process.slot)
        collecting = self.reader.path(file) if file else None
        if collecting and not conftest and PurePosixPath(collecting).name not in ("conftest.py", "__init__.py"):
            self.culprit = collecting
        own = _own_frame(self.failure.chain[-1])
        place = conftest or collecting or (own.path if own else None)
        if place:
            self.errors.append(CollectionError(place, self.failure))
        when = f"while it collected {collecting}" if collecting else "while it loaded plugins and conftest files"
        self.problem = f"pytest could not collect the suite: {what}, {when}; {_ADVICE}."


def _own_frame(info: ExceptionInfo) -> Frame | None:
    """The deepest frame in the target's own code."""
    return next((frame for frame in reversed(info.frames) if frame.owner != "library"), None)


def _last_error(output: str) -> str:
    """What pytest has said last before it ended. Of a plugin that it could not load, it names the group alone."""
    lines = _ERROR_LINE.findall(output)
    raised = _RAISED.findall(output)
    if lines and raised and lines[-1].startswith("Error while loading plugin "):
        return f"{lines[-1].rstrip('.')}: {raised[-1]}"
    return lines[-1] if lines else ""
