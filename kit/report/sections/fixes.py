"""The fixes: what each option does, fix after fix, and the patch of the best ones."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption, Layer, Trial
from kit.facts.wording import counted
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
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
class Rung:
    """The suite with this fix and those above it. ``unmasked`` are titles of causes with counts."""

    title: str
    layer: Layer
    href: str
    unmasked: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Fixes:
    """``tried`` is false when no fix was tried. ``final`` is the trial of every test with all fixes together."""

    tried: bool
    causes: tuple[CauseOptions, ...]
    ladder: tuple[Rung, ...]
    final: Trial | None
    final_left: tuple[tuple[str, int], ...]
    problems: tuple[str, ...]
    before_passed: int
    before_collected: int
    investigate: str


def view(joined: Joined) -> Fixes:
    """Everything that was measured about fixes."""
    facts, accounting = joined.facts.fixes, joined.accounting
    investigate = commands.investigate(joined.facts.case)
    passed, collected = (accounting.passed, accounting.collected) if accounting else (0, 0)
    if facts is None:
        return Fixes(False, (), (), None, (), (), passed, collected, investigate)
    final = facts.final
    causes = tuple(dict.fromkeys(option.cause for option in facts.options))
    return Fixes(
        tried=True,
        causes=tuple(_of_cause(joined, cause) for cause in causes),
        ladder=tuple(
            Rung(layer.title, layer, f"#{anchor('option', layer.option)}", _titled(joined, layer.unmasked))
            for layer in facts.layers
        ),
        final=final,
        final_left=_titled(joined, final.causes_left) if final else (),
        problems=facts.problems,
        before_passed=passed,
        before_collected=collected,
        investigate=investigate,
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
    return CauseOptions(cause, cause.title if cause else cause_id, tuple(rows), _sentence(rows))


def _sentence(rows: list[OptionRow]) -> str:
    best = rows[0]
    found = best.trial.comparison if best.trial else None
    if not best.recommended or found is None:
        return "No option is recommended: each that was tried changes nothing, or breaks something."
    newly = sum(found.newly_collected.values())
    did = [f"unlocks {counted(len(found.unlocked), 'test')}"]
    did += [f"unmasks {number(sum(found.unmasked.values()))}"] if found.unmasked else []
    did += [f"brings {number(newly)} to collection"] if newly else []
    lost = f"loses {counted(len(best.option.losses), 'thing')}" if best.option.losses else "loses nothing"
    size = f"{counted(best.option.lines_changed, 'line')} in {counted(len(best.option.files), 'file')}"
    return f"{best.option.title}: it {', '.join(did)}, breaks {number(len(found.broken))}, {lost}, and changes {size}."


def _titled(joined: Joined, counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    known = joined.cause_by_id
    titles = {one: known[one].title if one in known else one or "no named cause" for one in counts}
    return tuple((titles[one], tests) for one, tests in counts.items())
