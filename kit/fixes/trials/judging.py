"""What trials say of causes: confirmed where a fix changed what the tests show, doubted where none did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.facts.causes import Cause, Evidence
from kit.facts.fixes import FixFacts, FixOption, Trial
from kit.facts.wording import counted

_CONFIRMED, _DOUBTED = "A trial confirms it", "Trials speak against it"


def judged(causes: Sequence[Cause], facts: FixFacts) -> tuple[Cause, ...]:
    """The causes with what their trials showed, those that no fix has borne out last.

    A cause is confirmed when its tests pass with a fix, show another cause, or are collected only then. When each fix
    that could be measured leaves them as they are, it is no more than a guess. What was not tried stays as it is.
    """
    by_id = {option.id: option for option in facts.options}
    measured: dict[str, list[tuple[FixOption, Trial]]] = {}
    for trial in facts.trials:
        option = by_id.get(trial.options[-1]) if trial.options else None
        if option is not None and trial.measured == "canaries" and trial.comparison is not None:
            measured.setdefault(option.cause, []).append((option, trial))
    found = [_judged(cause, measured.get(cause.id, [])) for cause in causes]
    doubted = [cause for cause, is_doubted in found if is_doubted]
    return (*(cause for cause, is_doubted in found if not is_doubted), *doubted)


def _judged(cause: Cause, tried: Sequence[tuple[FixOption, Trial]]) -> tuple[Cause, bool]:
    """The cause with its new state, and whether the trials speak against it."""
    evidence = tuple(one for one in cause.evidence if not one.text.startswith((_CONFIRMED, _DOUBTED)))
    for option, trial in tried:
        if change := _change(cause, trial):
            shown = Evidence(f"{_CONFIRMED}. {option.title}: {change}")
            return replace(cause, state="confirmed", evidence=(*evidence, shown)), False
    if not tried:
        return cause, False
    fixes = counted(len({option.id for option, _ in tried}), "fix")
    shown = Evidence(f"{_DOUBTED}: {fixes} left its tests as they are")
    return replace(cause, state="unknown", evidence=(*evidence, shown)), True


def _change(cause: Cause, trial: Trial) -> str:
    """What became of the cause's tests; empty where nothing did."""
    found = trial.comparison
    assert found is not None
    unlocked = len(set(cause.tests) & set(found.unlocked)) if cause.tests else len(found.unlocked)
    unmasked = sum(number for name, number in found.unmasked.items() if name != cause.id)
    newly = sum(found.newly_collected.values()) if cause.uncollectable else 0
    files = sum(number for name, number in trial.files_unmasked.items() if name != cause.id)
    parts = [f"{counted(unlocked, 'test')} pass{'es' if unlocked == 1 else ''}"] if unlocked else []
    parts += [f"{counted(unmasked, 'test')} show{'s' if unmasked == 1 else ''} another cause"] if unmasked else []
    parts += [f"{counted(newly, 'test')} {'is' if newly == 1 else 'are'} collected"] if newly else []
    parts += [f"{counted(files, 'file')} show{'s' if files == 1 else ''} another cause"] if files else []
    return ", ".join(parts)
