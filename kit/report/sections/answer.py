"""The first screen: where it broke, what to do, how to check it, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.causes import CHECK, Cause, Excerpt
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, kept_fixes
from kit.report.next_steps import next_step
from kit.report.wording import number, one_line, tests_and_files

#: places and excerpts that have room on the first screen
_PLACES, _EXCERPTS = 3, 2


@dataclass(frozen=True)
class Answer:
    """What a reader needs first. ``measured`` says what the fixes did to the tests; ``href`` leads to their patches;
    ``following_told`` stands before the title of the cause that comes next.
    """

    places: tuple[Location, ...]
    excerpts: tuple[Excerpt, ...]
    action: str
    href: str
    measured: str
    check: str
    following: Cause | None
    following_told: str
    following_href: str
    anchor: str


def view(joined: Joined) -> Answer | None:
    """The answer for the first cause; ``None`` when no cause is named."""
    if not joined.causes:
        return None
    cause = joined.causes[0]
    kept = _kept_for(joined, cause)
    following = _following(joined, cause, kept.causes if kept else frozenset())
    return Answer(
        places=cause.locations[:_PLACES],
        excerpts=cause.excerpts[:_EXCERPTS],
        action=_action(kept) if kept else _first_sentence(cause.next_step.text),
        href="#modified" if kept and kept.patch else "",
        measured=_measured(kept) if kept else "",
        check=_check(joined, cause),
        following=following,
        following_told=_told(following, kept) if following else "",
        following_href=f"#{anchor('cause', following.id)}" if following else "",
        anchor=anchor("cause", cause.id),
    )


def _kept_for(joined: Joined, cause: Cause) -> KeptFixes | None:
    """The fixes that stayed applied, when the first of them is one for this cause."""
    kept = kept_fixes(joined)
    return kept if kept and kept.options and kept.options[0].cause == cause.id else None


def _check(joined: Joined, cause: Cause) -> str:
    """The command of the cause's next step, where that is a check or runs all of its tests; else one that shows whether
    the cause is gone.
    """
    case = joined.facts.case
    step = next_step(cause, case, joined.facts.fixes)
    runs_all = step.argv[:2] == ("kit", "run") and len(cause.tests) == 1
    if step.argv and (step.lead == CHECK or runs_all):
        return step.command
    return commands.run_failed(case) if cause.tests else commands.investigate(case)


def _action(kept: KeptFixes) -> str:
    size = f"{counted(len(kept.files), 'file')}, {counted(kept.lines_changed, 'line')}"
    if len(kept.options) == 1:
        return f"{kept.options[0].title} ({size})"
    others = len(kept.causes) - 1
    about = f", for this cause and {counted(others, 'other')}" if others else ""
    return f"Apply {len(kept.options)} fixes{about} ({size})"


def _measured(kept: KeptFixes) -> str:
    then = "passes" if kept.unlocked == 1 else "pass"
    parts = [f"{counted(kept.unlocked, 'failing test')} {then} then"]
    parts += [f"{number(kept.failing)} still {'fails' if kept.failing == 1 else 'fail'}"] if kept.failing else []
    parts += [f"{number(kept.unmasked)} show another cause"] if kept.unmasked and not kept.unlocked else []
    parts += [f"{number(kept.broken)} {'breaks' if kept.broken == 1 else 'break'}"]
    parts += [f"{number(kept.newly_collected)} more can be collected"] if kept.newly_collected else []
    return f"Measured {kept.how}: {', '.join(parts)}."


def _following(joined: Joined, cause: Cause, fixed: frozenset[str]) -> Cause | None:
    """The cause that shows next: the first one that the fixes leave, else the one that is hidden by the first."""
    left = [one for one in joined.causes if one.id != cause.id and one.id not in fixed]
    hidden = [one for one in joined.hidden_by(cause) if one.id not in fixed]
    return next(iter([*hidden, *left]), None)


def _told(cause: Cause, kept: KeptFixes | None) -> str:
    """How many tests show the cause that comes next: in the run of every test with the fixes, else in this run."""
    if cause.hidden_behind and not cause.tests:
        return ""
    after = kept.final.causes_left.get(cause.id) if kept and kept.final else None
    failing = (kept.failing or 0) if kept else 0
    if after is not None and after < failing:
        return f"{number(after)} of the {number(failing)} tests that still fail: "
    if after is not None:
        return f"{counted(after, 'test')} still {'fails' if after == 1 else 'fail'}: "
    return f"{tests_and_files(cause.tests_blocked, len(cause.uncollectable))}: "


def _first_sentence(text: str) -> str:
    return one_line(text.partition(". ")[0].rstrip(".") + ".", 200) if text else ""
