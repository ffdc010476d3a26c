"""What all cases together say about a test: whether it is flaky, and its dossier."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

from kit.facts.causes import Cause
from kit.facts.history import CaseMoment, Introduction, VariableDifference
from kit.facts.outcomes import BAD, Outcome
from kit.facts.places import Location
from kit.facts.shared_state import PollutedTest
from kit.facts.suite import TestResult
from kit.facts.wording import counted

#: what shows that a test is flaky: it passed and failed at one revision · it passed and failed when kit ran it again
FlakyBy = Literal["revision", "rerun"]


@dataclass(frozen=True)
class FlakyTest:
    """A test whose outcome differs though nothing has changed. It failed in ``bad`` of ``ran`` cases that ran it, first
    in ``since`` and last in ``last``. ``polluted`` is the state that decides, where a case has found it out.
    """

    nodeid: str
    by: FlakyBy
    bad: int
    ran: int
    since: CaseMoment
    last: CaseMoment
    polluted: PollutedTest | None = None

    @property
    def sentence(self) -> str:
        """How often and since when, in words."""
        why = "it passes and fails at one revision" if self.by == "revision" else "it passed when it was run again"
        often = f"failed in {self.bad:,} of {counted(self.ran, 'case')}"
        return f"{often}, first in {self.since.place}; {why}"


@dataclass(frozen=True)
class FlakyTests:
    """The flaky tests of an app, those that fail most often first. ``cases`` were looked at, ``revisions`` are those
    that two or more of them have run without changes, in one environment.
    """

    app: str
    root: str
    cases: int
    revisions: int
    tests: tuple[FlakyTest, ...] = ()


@dataclass(frozen=True)
class PastOutcome:
    """How the test ended in a case, and how long it took, in seconds."""

    case: CaseMoment
    outcome: Outcome
    seconds: float | None = None


@dataclass(frozen=True)
class NextCommand:
    """A command about the test; ``to`` says what for."""

    to: str
    argv: tuple[str, ...]

    @property
    def command(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.argv)


@dataclass(frozen=True)
class Dossier:
    """All that is known of a test. ``past`` has its outcomes in all cases of the app, the newest first; ``last_good``
    is the newest case in which it did what it should. ``introduced`` is the commit that ``kit when`` has found for its
    cause, ``differs`` the first variable that differs beside a passing test. ``imports`` are the files of the app that
    it imports, directly or not, as they are now (``None``: not known), ``executes`` the functions of the app, as
    ``path::name``, that ran in its last recorded run (``None``: none was recorded).
    """

    result: TestResult
    case: CaseMoment
    error: str = ""
    failed_at: Location | None = None
    past: tuple[PastOutcome, ...] = ()
    last_good: CaseMoment | None = None
    flaky: FlakyTest | None = None
    cause: Cause | None = None
    introduced: Introduction | None = None
    differs: VariableDifference | None = None
    polluted: PollutedTest | None = None
    imports: tuple[str, ...] | None = None
    executes: tuple[str, ...] | None = None
    commands: tuple[NextCommand, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether it fails now."""
        return self.result.outcome in BAD
