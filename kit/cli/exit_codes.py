"""How every command ends: the exit codes, and what a case's facts mean for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from kit.facts.errors import KitError, TargetError, UsageError
from kit.facts.kinds import CauseKind
from kit.facts.outcomes import BAD
from kit.platform import interrupts

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.causes import Cause
    from kit.facts.inventory import Finding
    from kit.facts.suite import SuiteFacts

#: the kind of the cause for a pytest that refuses to start
_REFUSED: CauseKind = "start-refused"
_END: CauseKind = "session-end"


class ExitCode(IntEnum):
    """The exit codes of every command, each with its meaning."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """A code and what it means."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    NOTHING_FOUND = 0, "nothing found"
    FOUND = 1, "causes, failures or blocking findings found"
    WRONG_USE = 2, "wrong use"
    NOT_INVESTIGATED = 3, "the app could not be investigated at all"
    KIT_FAILED = 4, "kit itself failed, or the real tree changed"
    INTERRUPTED = interrupts.EXIT_CODE, "interrupted, with the command that resumes"


class InterruptedCaseError(KitError):
    """A signal came during a command that can be resumed."""

    def __init__(self, resume: str) -> None:
        """``resume`` is the command line that continues the case."""
        super().__init__(f"Interrupted; everything so far is kept. Resume with: {resume}")


#: the code of each kind of error; every other :class:`KitError` is a failure of kit itself
_CODES: dict[type[KitError], ExitCode] = {
    UsageError: ExitCode.WRONG_USE,
    TargetError: ExitCode.NOT_INVESTIGATED,
    InterruptedCaseError: ExitCode.INTERRUPTED,
}


def code_of_error(error: KitError) -> ExitCode:
    """The exit code of a command that ends with this error."""
    return next((code for kind, code in _CODES.items() if isinstance(error, kind)), ExitCode.KIT_FAILED)


def code_of_case(facts: CaseFacts, accepted: Collection[str] = ()) -> ExitCode:
    """The exit code that the facts of a case call for. ``accepted`` are the ids of causes and findings that do not
    count, nor do the tests that they stop.

    "Nothing found" is only said of a suite that ran: a case without one test is not a clean one.
    """
    findings = facts.inventory.findings if facts.inventory else ()
    suite = facts.suite
    if suite and suite.touched:
        return ExitCode.KIT_FAILED
    excused = [cause for cause in facts.causes or () if cause.id in accepted]
    if len(excused) < len(facts.causes or ()) or any(one.id not in accepted for one in blocking(findings)):
        return ExitCode.FOUND
    if suite and _is_bad(suite, excused):
        return ExitCode.FOUND
    if suite is None or suite.problem or not suite.accounting.executed:
        return ExitCode.NOT_INVESTIGATED
    return ExitCode.NOTHING_FOUND


def _is_bad(suite: SuiteFacts, excused: Sequence[Cause]) -> bool:
    """Whether a suite has failed in a way that no excused cause explains."""
    if not excused:
        return bool(suite.accounting.bad or suite.collection_errors or suite.start_refusal or suite.failed_end)
    names = {name for cause in excused for name in (*cause.tests, *cause.uncollectable)}
    failing = (result.nodeid for result in suite.results if result.outcome in BAD)
    left = any(name not in names for name in (*failing, *(error.path for error in suite.collection_errors)))
    kinds = {cause.kind for cause in excused}
    return left or bool(suite.start_refusal and _REFUSED not in kinds) or bool(suite.failed_end and _END not in kinds)


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that block tests, now or when an import brings the parties together."""
    return tuple(finding for finding in findings if finding.severity != "smell")
