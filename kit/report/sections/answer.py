"""The first screen: where it broke, what to do, how to check it, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.causes import Cause, Excerpt
from kit.facts.fixes import FixFacts, FixOption, Trial
from kit.facts.places import Location
from kit.facts.wording import counted
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.wording import enumeration, number, one_line

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


def view(joined: Joined) -> Answer | None:
    """The answer for the first cause; ``None`` when no cause is named."""
    if not joined.causes:
        return None
    cause, case = joined.causes[0], joined.facts.case
    fixes = joined.facts.fixes
    kept = _kept(fixes, cause)
    following = _following(joined, cause, {option.cause for option in kept})
    return Answer(
        places=cause.locations[:_PLACES],
        excerpts=cause.excerpts[:_EXCERPTS],
        action=_action(kept) if kept else _first_sentence(cause.next_step),
        href="#fixes" if kept else "",
        measured=_measured(fixes, kept) if fixes and kept else "",
        check=commands.run_failed(case) if cause.tests else commands.investigate(case),
        following=following,
        following_href=f"#{anchor('cause', following.id)}" if following else "",
    )


def _kept(fixes: FixFacts | None, cause: Cause) -> list[FixOption]:
    """The fixes that stayed applied, when the first of them is one for this cause."""
    if fixes is None or not fixes.layers or fixes.layers[0].cause != cause.id:
        return []
    by_id = {option.id: option for option in fixes.options}
    return [by_id[layer.option] for layer in fixes.layers]


def _action(kept: list[FixOption]) -> str:
    if len(kept) == 1:
        return f"{kept[0].title} ({_size(kept)})"
    return f"Apply the fixes {enumeration(str(index) for index in range(1, len(kept) + 1))} ({_size(kept)})"


def _size(kept: list[FixOption]) -> str:
    files = {path for option in kept for path in option.files}
    return f"{counted(len(files), 'file')}, {counted(sum(option.lines_changed for option in kept), 'line')}"


def _measured(fixes: FixFacts, kept: list[FixOption]) -> str:
    final = fixes.final
    if final and final.comparison:
        return f"Measured, every test: {_cells(final)}"
    last = fixes.layers[len(kept) - 1]
    newly = f" · {number(last.newly_collected)} newly collected" if last.newly_collected else ""
    return f"Measured by canaries: {number(last.unlocked)} unlocked · {number(last.broken)} broken{newly}"


def _cells(trial: Trial) -> str:
    found = trial.comparison
    assert found is not None
    newly = sum(found.newly_collected.values())
    parts = [
        f"{number(len(found.unlocked))} unlocked",
        f"{number(len(found.broken))} broken",
        f"{number(found.kept)} kept",
    ]
    return " · ".join([*parts, *([f"{number(newly)} newly collected"] if newly else [])])


def _following(joined: Joined, cause: Cause, fixed: set[str]) -> Cause | None:
    """The cause that shows next: the first one that the fixes leave, else the one that is hidden by the first."""
    left = [one for one in joined.causes if one.id != cause.id and one.id not in fixed]
    hidden = [one for one in joined.hidden_by(cause) if one.id not in fixed]
    return next(iter([*hidden, *left]), None)


def _first_sentence(text: str) -> str:
    return one_line(text.partition(". ")[0].rstrip(".") + ".", 200) if text else ""
