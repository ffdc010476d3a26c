"""Which option of a cause to recommend.

Never one that broke a test, nor one that leaves every test as it was: tests have to pass, to be collected, or to show
another cause, since a layer may hide others. One that edits tests is recommended only where no option on the app helps.
Then: unlocked or unmasked most, lost nothing, changed least.
"""

from __future__ import annotations

from collections.abc import Sequence

from kit.facts.fixes import FixOption, Trial


def ranked(options: Sequence[FixOption], trials: Sequence[Trial]) -> list[FixOption]:
    """The options that helped and broke nothing where they were tried, the best one first."""
    by_option = {trial.options[-1]: trial for trial in trials}
    good = [option for option in options if option.id in by_option and by_option[option.id].helps]
    return sorted(good, key=lambda option: (by_option[option.id].standing(option), option.id))
