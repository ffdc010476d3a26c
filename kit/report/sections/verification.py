"""The commands that show the problem before the fix and its end after it, with what they showed here."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.report import commands
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, kept_fixes
from kit.report.sections.missing import Missing
from kit.report.wording import number


@dataclass(frozen=True)
class CheckStep:
    """A command, what it is for, and what it showed in this case; ``shown`` is empty where it was not run."""

    when: str
    command: str
    shown: str


@dataclass(frozen=True)
class Verification:
    """``steps`` in the order in which to type them. ``measured`` says how the numbers after the fix came about."""

    steps: tuple[CheckStep, ...]
    measured: str


def view(joined: Joined) -> Verification | Missing:
    """Commands before and after."""
    suite, case = joined.facts.suite, joined.facts.case
    if suite is None:
        return Missing("The test suite was not run.", commands.run(case))
    kept, before = kept_fixes(joined), CheckStep("Before", commands.run(case), _before(suite))
    if kept is None:
        again = (CheckStep("After a fix", commands.run_failed(case), ""),) if suite.accounting.bad else ()
        return Verification((before, *again), "")
    steps = (
        before,
        CheckStep("Apply the fixes", commands.apply(case), _size(kept)),
        CheckStep("After", commands.run(case), _after(kept)),
        CheckStep("Judge", commands.verify(case), ""),
    )
    return Verification(steps, _measured(kept))


def _before(suite: SuiteFacts) -> str:
    counts = suite.accounting
    errors = len(suite.collection_errors)
    parts = [
        f"{number(counts.collected)} collected",
        f"{number(counts.passed)} passed",
        f"{number(counts.bad)} failing",
    ]
    return ", ".join([*parts, *([f"{counted(errors, 'file')} not collected"] if errors else [])])


def _after(kept: KeptFixes) -> str:
    return f"{number(kept.collected)} collected, {number(kept.passed)} passed, {number(kept.broken)} broken"


def _size(kept: KeptFixes) -> str:
    return f"{counted(len(kept.files), 'file')}, {counted(kept.lines_changed, 'line')}"


def _measured(kept: KeptFixes) -> str:
    if kept.comparison:
        return "The numbers after the fixes come from a run of every test in a scratch copy."
    return "The numbers after the fixes come from a few tests in a scratch copy, each of which stands for others."
