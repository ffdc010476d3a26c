"""Which option of a cause to recommend: broke none, unlocked or unmasked most, lost nothing, changed least."""

from __future__ import annotations

from collections.abc import Sequence

from kit.facts.fixes import FixOption, Trial


def ranked(options: Sequence[FixOption], trials: Sequence[Trial]) -> list[FixOption]:
    """The options that helped and broke nothing where they were tried, the best one first."""
    by_option = {trial.options[-1]: trial for trial in trials}
    good = [option for option in options if option.id in by_option and _helps(by_option[option.id])]
    return sorted(good, key=lambda option: _key(option, by_option[option.id]))


def _helps(trial: Trial) -> bool:
    """Whether tests moved on, or files that still cannot be collected show what hid behind the cause."""
    found = trial.comparison
    if found is None or found.broken or found.gone:
        return False
    moved = len(found.unlocked) + sum(found.unmasked.values()) + sum(found.newly_collected.values())
    return moved + sum(trial.files_unmasked.values()) > 0


def _key(option: FixOption, trial: Trial) -> tuple[int, int, int, bool, int, str]:
    found = trial.comparison
    assert found is not None
    freed = len(found.unlocked) + found.newly_collected.get("passed", 0)
    unmasked = sum(found.unmasked.values()) + sum(trial.files_unmasked.values())
    return -freed, -unmasked, len(option.losses), option.on_tests, option.lines_changed, option.id
