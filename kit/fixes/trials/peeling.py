"""Peeling: fix after fix in one scratch copy, to show what each layer unlocks, and what comes to light behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from kit.facts.causes import Cause
from kit.facts.fixes import Comparison, FixFacts, FixOption, Layer, Trial
from kit.facts.inventory import InventoryFacts
from kit.facts.wording import counted
from kit.fixes.options import find_options
from kit.fixes.trials.compare import RunOutcomes, compare
from kit.fixes.trials.copy_state import CopyState, step_of
from kit.fixes.trials.full import full_trial
from kit.fixes.trials.ranking import ranked
from kit.fixes.trials.trial_copy import Explained, TrialCopy
from kit.fixes.trials.trying import Trying, apply_kept

#: called with a sentence as each option is tried
Say = Callable[[str], None]

#: called with all that is known whenever something was measured
Save = Callable[[FixFacts], None]


def _ignore(_: object) -> None:
    """Nobody watches, nothing is kept."""


@dataclass
class Peeling:
    """One peeling of a suite. ``until`` is when it has to end, as :func:`time.monotonic` counts."""

    copy: TrialCopy
    until: float
    say: Say = _ignore
    save: Save = _ignore
    options: list[FixOption] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    recommended: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    _tried: set[str] = field(default_factory=set)

    def run(self, first: Explained, facts: InventoryFacts) -> FixFacts:
        """Try the options of one cause after the other, and keep the best one of each applied. ``first`` is the case's
        own run, ``facts`` its inventory.
        """
        step = step_of(first, facts)
        return self._go_on(step, step.state)

    def go_on(self, earlier: FixFacts, first: Explained, facts: InventoryFacts) -> FixFacts:
        """The same from where an interrupted peeling has stopped: its causes are not tried again, and what the copy is
        like with the fixes that it kept is measured once. Where they do not fit the tree any more, all begins anew.
        """
        step = step_of(first, facts)
        by_id = {option.id: option for option in earlier.options}
        kept = [by_id[layer.option] for layer in earlier.layers]
        after = apply_kept(self.copy, step, kept)
        if after is None:
            return self._go_on(step, step.state)
        self.options, self.trials, self.layers = [*earlier.options], [*earlier.trials], [*earlier.layers]
        self.recommended = dict(earlier.recommended)
        self.say(f"{counted(len(by_id), 'option')} of the interrupted trials are known")
        self._tried = {option.cause for option in earlier.options}
        return self._go_on(after, step.state)

    def finish(self, original: RunOutcomes) -> Trial:
        """Run every test with the fixes that were kept, and try the options of the causes that only this run shows: of
        the tests that a canary stands for, some may stop at something else. ``original`` is the state before any fix.
        """
        left = self.until - time.monotonic()
        trial, after = full_trial(self.copy, original, self.applied, limit_s=left)
        self.trials.append(trial)
        if after is not None:
            self.save(self.facts)
            self._go_on(after, original)
        return trial

    def _go_on(self, step: CopyState, original: RunOutcomes) -> FixFacts:
        while (cause := next(_worth_trying(step, self._tried), None)) is not None:
            if time.monotonic() > self.until:
                self.problems.append(f"The budget for trials was spent before this cause was reached: {cause.title}.")
                break
            self._tried.add(cause.id)
            step = self._peel(cause, step, original)
            self.save(self.facts)
        return self.facts

    def add(self, trial: Trial) -> FixFacts:
        """Take in a trial that was made with all the options that are applied."""
        self.trials.append(trial)
        return self.facts

    def note(self, problem: str) -> FixFacts:
        """Take in a sentence about what could not be measured."""
        self.problems.append(problem)
        return self.facts

    @property
    def facts(self) -> FixFacts:
        """What is known so far."""
        return FixFacts(
            tuple(self.options), tuple(self.trials), tuple(self.layers), dict(self.recommended), tuple(self.problems)
        )

    @property
    def applied(self) -> tuple[FixOption, ...]:
        """The options that stay applied, in their order."""
        by_id = {option.id: option for option in self.options}
        return tuple(by_id[layer.option] for layer in self.layers)

    def _peel(self, cause: Cause, step: CopyState, original: RunOutcomes) -> CopyState:
        """Try the options of a cause, and keep the best one that proves good when it is looked at closely."""
        found = find_options(cause, self.copy.scene(step.facts))
        self.options += found
        trying = Trying(self.copy, cause, step, tuple(layer.option for layer in self.layers), self.until)
        numbered = [pair for pair in enumerate(found, start=1) if pair[1].can_be_tried]
        is_only = len(numbered) == 1
        trials = [self._try(trying, option, f"{number}/{len(found)}", is_only) for number, option in numbered]
        for option in ranked(found, trials):
            closer, after = trying.keep(option)
            self.trials.append(closer)
            if after is not None:
                self.recommended[cause.id] = option.id
                self._add(_layer(option, cause, original, after.state))
                return after
        return step

    def _add(self, layer: Layer) -> None:
        """Add a layer. What every test showed of the fixes below it, where that was measured, takes the place of what a
        few tests stood for.
        """
        every = self.facts.final
        if self.layers and every and every.comparison:
            self.layers[-1] = _measured_by_all(self.layers[-1], every, every.comparison)
        self.layers.append(layer)

    def _try(self, trying: Trying, option: FixOption, number: str, is_only: bool) -> Trial:
        trial = trying.measure(option, is_only=is_only)
        self.trials.append(trial)
        self.say(f"{number} {option.title} · {outcome_line(trial)}")
        return trial


def outcome_line(trial: Trial) -> str:
    """What a trial showed, in one line: ``imports ✓ · mappers ✓ · 812 unlocked · 0 broken``."""
    marks = {True: "✓", False: "✗"}
    parts = [f"{check.name} {marks[check.holds]}" for check in trial.checks if check.holds is not None]
    found = trial.comparison
    if found is None:
        return " · ".join([*parts, trial.problem or "did not start"])
    numbers = {
        "unlocked": len(found.unlocked),
        "unmasked": sum(found.unmasked.values()),
        "broken": len(found.broken),
        "newly collected": sum(found.newly_collected.values()),
    }
    parts += [f"{number:,} {name}" for name, number in numbers.items() if number or name == "unlocked"]
    files = sum(trial.files_unmasked.values())
    return " · ".join([*parts, f"{counted(files, 'file')} unmasked"] if files else parts)


def _layer(option: FixOption, cause: Cause, original: RunOutcomes, state: RunOutcomes) -> Layer:
    total = compare(original, state)
    return Layer(
        option=option.id,
        cause=cause.id,
        title=option.title,
        measured="canaries",
        unlocked=len(total.unlocked),
        unmasked=total.unmasked,
        broken=len(total.broken),
        still_failing=total.still_failing,
        newly_collected=sum(total.newly_collected.values()),
        collected=len(state.outcomes),
        passed=sum(outcome == "passed" for outcome in state.outcomes.values()),
    )


def _measured_by_all(layer: Layer, trial: Trial, found: Comparison) -> Layer:
    return replace(
        layer,
        measured=trial.measured,
        unlocked=len(found.unlocked),
        unmasked=found.unmasked,
        broken=len(found.broken),
        still_failing=found.still_failing,
        newly_collected=sum(found.newly_collected.values()),
        collected=found.after,
        passed=layer.passed if trial.passed is None else trial.passed,
    )


def _worth_trying(step: CopyState, tried: set[str]) -> Iterator[Cause]:
    """The causes that block something here, in their order; where no test was collected, all of them may."""
    causes = (cause for cause in step.causes if cause.id not in tried)
    return (cause for cause in causes if cause.tests or cause.uncollectable or not step.state.outcomes)
