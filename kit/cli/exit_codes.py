"""How every command ends: the exit codes, and what a case's facts mean for them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from kit.facts.errors import KitError, TargetError, UsageError

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.inventory import Finding
    from kit.facts.suite import SuiteFacts


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
    INTERRUPTED = 5, "interrupted, with the command that resumes"


class InterruptedCaseError(KitError):
    """Ctrl-C or SIGTERM during a command that can be resumed."""

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


def code_of_case(facts: CaseFacts) -> ExitCode:
    """The exit code that the facts of a case call for.

    "Nothing found" is only said of a suite that ran: a case without one test is not a clean one.
    """
    findings = facts.inventory.findings if facts.inventory else ()
    suite = facts.suite
    if suite and suite.touched:
        return ExitCode.KIT_FAILED
    if facts.causes or blocking(findings) or (suite and _is_bad(suite)):
        return ExitCode.FOUND
    if suite is None or suite.problem or not suite.accounting.executed:
        return ExitCode.NOT_INVESTIGATED
    return ExitCode.NOTHING_FOUND


def _is_bad(suite: SuiteFacts) -> bool:
    return bool(suite.accounting.bad or suite.collection_errors or suite.start_refusal)


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that block tests, now or when an import brings the parties together."""
    return tuple(finding for finding in findings if finding.severity != "smell")
