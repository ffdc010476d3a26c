"""What upgrades did to the tests, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kit.facts.upgrade_trials import BreaksBy, UpgradeTrial
from kit.facts.wording import counted

_NAMED_AT_MOST = 5


def as_text(trials: Sequence[UpgradeTrial]) -> Iterator[str]:
    """For each upgrade what it did, by what, and to which tests; at the end what to hold back."""
    for trial in trials:
        yield from _of(trial)
    yield from _verdicts(trials)


def as_json(trials: Sequence[UpgradeTrial]) -> list[dict[str, Any]]:
    """The same for machines: the fields of the trials, and whether each upgrade breaks."""
    return [{**msgspec.to_builtins(trial), "breaks": trial.breaks} for trial in trials]


def _of(trial: UpgradeTrial) -> Iterator[str]:
    if not trial.after:
        yield f"{trial.name} {trial.before}: not tried: {trial.problem}"
        return
    if trial.after == trial.before:
        yield f"{trial.name} {trial.before}: pip finds no newer release"
        return
    also = ", ".join(f"{one.name} {one.before or 'new:'} {'to ' if one.before else ''}{one.now}" for one in trial.moved)
    yield f"{trial.name} {trial.before} to {trial.after}{f' (with {also})' if also else ''}"
    found = trial.comparison
    if found is None:
        yield f"    the suite does not start: {trial.problem}"
    else:
        still = found.still_failing + sum(found.unmasked.values())
        newly = sum(found.newly_collected.values())
        yield (
            f"    {found.before:,} tests before = {len(found.broken):,} broken + {len(found.gone):,} gone + "
            f"{found.kept:,} kept + {len(found.unlocked):,} unlocked + {still:,} that failed before and still do; "
            f"{newly:,} newly collected"
        )
    for reason in trial.reasons:
        yield f"    {_size(reason)}{reason.title}{f'  [{reason.breakage}]' if reason.breakage else ''}"
    for what, tests in (("broken", found.broken), ("gone", found.gone)) if found else ():
        yield from (f"    {what}: {test}" for test in tests[:_NAMED_AT_MOST])
        if len(tests) > _NAMED_AT_MOST:
            yield f"    {what}: {len(tests) - _NAMED_AT_MOST:,} more"
    yield from (f"    flaky: {test}" for test in trial.flaky[:_NAMED_AT_MOST])


def _size(reason: BreaksBy) -> str:
    parts = [counted(reason.tests, "test")] if reason.tests else []
    parts += [counted(reason.files, "file")] if reason.files else []
    return f"{' and '.join(parts)}: " if parts else ""


def _verdicts(trials: Sequence[UpgradeTrial]) -> Iterator[str]:
    held = [trial for trial in trials if trial.breaks]
    free = [trial for trial in trials if not trial.breaks and trial.after not in ("", trial.before)]
    for trial in held:
        tests = len(trial.comparison.broken) + len(trial.comparison.gone) if trial.comparison else 0
        yield f"Hold back {trial.name}: {trial.after} breaks {counted(tests, 'test') if tests else 'the suite'}."
    for trial in free:
        yield f"{trial.name} {trial.after} breaks no test."
