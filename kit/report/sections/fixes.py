"""The fix options of each cause: what each was measured to do, and which is recommended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kit.facts.causes import Cause
from kit.facts.fixes import FixFacts, FixOption, Trial
from kit.facts.wording import counted
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.sections.missing import Missing
from kit.report.sections.modified import no_fix
from kit.report.wording import number


@dataclass(frozen=True)
class OptionRow:
    """An option with its first trial. ``recommended`` is true for the one that was kept."""

    option: FixOption
    anchor: str
    trial: Trial | None
    recommended: bool


@dataclass(frozen=True)
class CauseOptions:
    """The options of one cause, the recommended one first; ``sentence`` says which it is and why."""

    cause: Cause | None
    title: str
    rows: tuple[OptionRow, ...]
    sentence: str


@dataclass(frozen=True)
class Fixes:
    """The options of every cause, and what kept trials from being made."""

    causes: tuple[CauseOptions, ...]
    problems: tuple[str, ...]


def view(joined: Joined) -> Fixes | Missing:
    """Every option, with what was measured about it."""
    facts = joined.facts.fixes
    if facts is None or not (facts.options or facts.problems):
        return no_fix(joined)
    causes = tuple(dict.fromkeys(option.cause for option in facts.options))
    return Fixes(tuple(_of_cause(joined, cause) for cause in causes), facts.problems)


_NONE_IS_GOOD: Final = "No option is recommended: each that was tried changes nothing, or breaks something."
_UNFINISHED: Final = (
    "No option is recommended: the budget for trials was spent before one was looked at to the end. A larger "
    "--trial-budget-s gives the trials more time."
)


def _of_cause(joined: Joined, cause_id: str) -> CauseOptions:
    facts = joined.facts.fixes
    assert facts is not None
    first = facts.first_trials
    kept = facts.recommended.get(cause_id)
    rows = [
        OptionRow(option, anchor("option", option.id), first.get(option.id), option.id == kept)
        for option in facts.options
        if option.cause == cause_id
    ]
    rows.sort(key=lambda row: not row.recommended)
    cause = joined.cause_by_id.get(cause_id)
    return CauseOptions(
        cause, cause.title if cause else cause_id, tuple(rows), _sentence(rows, cut_short=_cut_short(facts, rows))
    )


def _cut_short(facts: FixFacts, rows: list[OptionRow]) -> bool:
    """Whether the budget was spent before one of these options was looked at to the end."""
    mine = {row.option.id for row in rows}
    return any(trial.out_of_budget for trial in facts.trials if trial.options[-1] in mine)


def _sentence(rows: list[OptionRow], *, cut_short: bool) -> str:
    best = rows[0]
    found = best.trial.comparison if best.trial else None
    if not any(row.trial for row in rows):
        return "No option is recommended: none was tried."
    if found is None or not best.recommended:
        return _UNFINISHED if cut_short else _NONE_IS_GOOD
    newly = sum(found.newly_collected.values())
    did = [f"unlocks {counted(len(found.unlocked), 'test')}"]
    did += [f"unmasks {number(sum(found.unmasked.values()))}"] if found.unmasked else []
    did += [f"brings {number(newly)} to collection"] if newly else []
    did += (
        ["lets files that cannot be collected show another cause"] if best.trial and best.trial.files_unmasked else []
    )
    lost = f"loses {counted(len(best.option.losses), 'thing')}" if best.option.losses else "loses nothing"
    size = f"{counted(best.option.lines_changed, 'line')} in {counted(len(best.option.files), 'file')}"
    did += [f"breaks {number(len(found.broken))}", lost, f"and changes {size}"]
    return f"{best.option.title}: it {', '.join(did)}.{_how(best.trial)}{_or_else(rows)}"


def _or_else(rows: list[OptionRow]) -> str:
    """The options that do all the same as the first one, which the ranking took for its id alone."""
    best, *others = rows
    standing = best.trial.standing(best.option) if best.trial and best.trial.helps else None
    equal = [
        row.option.title
        for row in others
        if standing and row.trial and row.trial.helps and row.trial.standing(row.option) == standing
    ]
    if not equal:
        return ""
    return f" The tests cannot tell it from this: {'; '.join(equal)}. Which one is meant is for you to say."


def _how(trial: Trial | None) -> str:
    """What the numbers of an option stand for, where not every test was run: one that was not may end otherwise."""
    if trial is None or trial.tests_run >= trial.tests_of:
        return ""
    ran = f"{number(trial.tests_run)} of {counted(trial.tests_of, 'test')} were run"
    return f" By canary: {ran}, one for each kind of failure in a file."
