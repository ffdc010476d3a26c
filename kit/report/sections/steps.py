"""What to do next: at once, soon, and so that it does not come back; each with its command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.causes import Cause
from kit.facts.wording import counted
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, kept_fixes
from kit.report.next_steps import next_step
from kit.report.sections import lessons
from kit.report.sections.missing import Missing
from kit.report.wording import number, one_line, tests_and_files


@dataclass(frozen=True)
class PlannedStep:
    """Something to do. ``href`` leads to the cause that it is about, ``gain`` says what it is for."""

    what: str
    command: str
    gain: str = ""
    href: str = ""


@dataclass(frozen=True)
class Horizon:
    """Steps that belong to the same time."""

    title: str
    steps: tuple[PlannedStep, ...]


def view(joined: Joined) -> tuple[Horizon, ...] | Missing:
    """The next steps, from the causes that are left, in their order."""
    kept = kept_fixes(joined)
    fixed = kept.causes if kept else frozenset()
    left = [cause for cause in joined.causes if cause.id not in fixed]
    now = list(_applying(joined, kept)) if kept else [_step(joined, cause) for cause in left[:1]]
    soon = [_step(joined, cause) for cause in (left if kept else left[1:])]
    later = list(_guarding(joined))
    horizons = (("Now", now), ("Soon", soon), ("So that it does not come back", later))
    made = tuple(Horizon(title, tuple(steps)) for title, steps in horizons if steps)
    return made or Missing("Nothing is left to do: no cause is named, and nothing waits.")


def _applying(joined: Joined, kept: KeptFixes) -> Iterator[PlannedStep]:
    case = joined.facts.case
    size = f"{counted(len(kept.files), 'file')}, {counted(kept.lines_changed, 'line')}"
    gain = f"{number(kept.unlocked)} unlocked, {number(kept.broken)} broken"
    fixes = counted(len(kept.options), "measured fix")
    yield PlannedStep(f"Apply the {fixes} ({size})", commands.apply(case), gain, "#fixes")
    yield PlannedStep("See whether their causes are gone", commands.verify(case))


def _step(joined: Joined, cause: Cause) -> PlannedStep:
    step = next_step(cause, joined.facts.case, joined.facts.fixes)
    what = step.text or f"Find out why: {one_line(cause.title, 160)}"
    gain = tests_and_files(cause.tests_blocked, len(cause.uncollectable))
    is_seen = bool(cause.tests or cause.uncollectable)
    return PlannedStep(
        one_line(what).rstrip("."), step.command, gain if is_seen else "", f"#{anchor('cause', cause.id)}"
    )


def _guarding(joined: Joined) -> Iterator[PlannedStep]:
    waiting = [collision for collision in joined.collisions if collision.loaded is False]
    if waiting:
        names = ", ".join(one_line(collision.name) for collision in waiting)
        what = f"Resolve {counted(len(waiting), 'collision')} that no test meets yet: {names}"
        yield PlannedStep(what, commands.scan(joined.facts.case), href=f"#{anchor('collision', waiting[0].id)}")
    learned = lessons.view(joined)
    if not isinstance(learned, Missing) and learned.guards:
        what = "Put the hook under Lessons learned into .pre-commit-config.yaml, so that every commit is scanned"
        yield PlannedStep(what, "pre-commit install", href="#lessons")
