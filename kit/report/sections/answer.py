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
from kit.report.wording import number, one_line

#: places and excerpts that have room on the first screen
_PLACES, _EXCERPTS = 3, 2


@dataclass(frozen=True)
class Answer:
    """What a reader needs first. ``measured`` says what the fixes did to the tests; ``href`` leads to their patches."""

    places: tuple[Location, ...]
    excerpts: tuple[Excerpt, ...]
    action: str
    href: str
    measured: str
    check: str
    following: Cause | None
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
        following_href=f"#{anchor('cause', following.id)}" if following else "",
        anchor=anchor("cause", cause.id),
    )


def _kept_for(joined: Joined, cause: Cause) -> KeptFixes | None:
    """The fixes that stayed applied, when the first of them is one for this cause."""
    kept = kept_fixes(joined)
    return kept if kept and kept.options and kept.options[0].cause == cause.id else None


def _check(joined: Joined, cause: Cause) -> str:
    """The command of the cause's next step, where that is a check; else one that shows whether the cause is gone."""
    case = joined.facts.case
    step = next_step(cause, case, joined.facts.fixes)
    if step.argv and step.lead == CHECK:
        return step.command
    return commands.run_failed(case) if cause.tests else commands.investigate(case)


def _action(kept: KeptFixes) -> str:
    size = f"{counted(len(kept.files), 'file')}, {counted(kept.lines_changed, 'line')}"
    if len(kept.options) == 1:
        return f"{kept.options[0].title} ({size})"
    between = "and" if len(kept.options) == 2 else "to"
    return f"Apply fixes 1 {between} {len(kept.options)} ({size})"


def _measured(kept: KeptFixes) -> str:
    parts = [f"{number(kept.unlocked)} unlocked", f"{number(kept.broken)} broken"]
    parts += [f"{number(kept.comparison.kept)} kept"] if kept.comparison else []
    parts += [f"{number(kept.newly_collected)} newly collected"] if kept.newly_collected else []
    parts += [f"{number(kept.unmasked)} then show another cause"] if kept.unmasked and not kept.unlocked else []
    how = "by running every test" if kept.comparison else "with one failing test for each file and kind of failure"
    return f"Measured {how}: {' · '.join(parts)}"


def _following(joined: Joined, cause: Cause, fixed: frozenset[str]) -> Cause | None:
    """The cause that shows next: the first one that the fixes leave, else the one that is hidden by the first."""
    left = [one for one in joined.causes if one.id != cause.id and one.id not in fixed]
    hidden = [one for one in joined.hidden_by(cause) if one.id not in fixed]
    return next(iter([*hidden, *left]), None)


def _first_sentence(text: str) -> str:
    return one_line(text.partition(". ")[0].rstrip(".") + ".", 200) if text else ""
