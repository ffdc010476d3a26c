"""The trial of a change that kit did not propose: a patch that a person wrote, or the tree as it is now."""

from __future__ import annotations

from kit.facts.errors import TargetError
from kit.facts.fixes import FixOption, Trial
from kit.fixes.patching.reading import touched
from kit.fixes.trials.compare import RunOutcomes
from kit.fixes.trials.full import full_trial
from kit.fixes.trials.trial_copy import Explained, OnEvent, TrialCopy

OWN = "your-patch"


def own_option(patch: str, title: str) -> FixOption:
    """A patch in the place of an option."""
    return FixOption(OWN, "", OWN, title, "", patch, files=touched(patch))


def measure_before(copy: TrialCopy, *, limit_s: float | None, on_event: OnEvent | None = None) -> RunOutcomes:
    """The state of the suite without any change. Raises :class:`TargetError` when the suite does not start."""
    return explained_before(copy, "change", limit_s=limit_s, on_event=on_event).state


def explained_before(
    copy: TrialCopy, what: str, *, limit_s: float | None = None, on_event: OnEvent | None = None
) -> Explained:
    """A run without what is tried, called ``what``. Files that cannot be collected now may be collected with it.

    Raises :class:`TargetError` when the suite does not start for another reason.
    """
    suite = copy.run(on_event=on_event, limit_s=limit_s)
    if suite.problem and not suite.tests and not suite.collection_errors:
        raise TargetError(
            f"The suite does not start without the {what}, so there is nothing to compare: {suite.problem}"
        )
    return copy.explain(suite, copy.read())


def try_own(
    copy: TrialCopy, before: RunOutcomes, option: FixOption | None, *, limit_s: float, on_event: OnEvent | None = None
) -> Trial:
    """Run every test with the change applied, and compare; without an option, with the tree as it is.

    Raises :class:`~kit.facts.errors.UsageError` for a patch that does not apply.
    """
    if option is not None:
        copy.apply(option.patch)
    return full_trial(copy, before, [option] if option else [], limit_s=limit_s, on_event=on_event)[0]
