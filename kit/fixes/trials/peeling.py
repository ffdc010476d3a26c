"""Peeling: fix after fix in one scratch copy, to show what each layer unlocks, and what comes to light behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.fixes import FixFacts, FixOption, Layer, Trial
from kit.facts.inventory import InventoryFacts
from kit.fixes.options import find_options
from kit.fixes.scene import FixScene
from kit.fixes.trials.canaries import Canaries, choose_canaries
from kit.fixes.trials.compare import State, compare, verdict_of
from kit.fixes.trials.ranking import recommend
from kit.fixes.trials.trial_copy import Explained, TrialCopy

#: called with a sentence as each option is tried
Say = Callable[[str], None]


@dataclass(frozen=True)
class _Step:
    """The copy as it is: what its source says, what its tests do as far as measured, and what is to be fixed next."""

    facts: InventoryFacts
    causes: tuple[Cause, ...]
    state: State
    kinds: dict[str, str]


def _say_nothing(sentence: str) -> None:  # the signature of Say
    """Nobody watches."""


@dataclass
class Peeling:
    """One peeling of a suite. ``until`` is when it has to end, as :func:`time.monotonic` counts."""

    copy: TrialCopy
    until: float
    say: Say = _say_nothing
    options: list[FixOption] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    layers: list[Layer] = field(default_factory=list)
    recommended: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def run(self, first: Explained, facts: InventoryFacts) -> FixFacts:
        """Try the options of one cause after the other, and keep the best one of each applied. ``first`` is the case's
        own run, ``facts`` its inventory.
        """
        step = _Step(facts, first.causes, first.state, first.group_of)
        original, tried = step.state, set[str]()
        while (cause := next(_worth_trying(step.causes, tried), None)) is not None:
            if time.monotonic() > self.until:
                self.problems.append(f"The budget for trials was spent before {cause.title} was tried.")
                break
            tried.add(cause.id)
            best = self._try_options(cause, step)
            if best is not None:
                step = self._keep(best, cause, original, step)
        return self.facts

    @property
    def facts(self) -> FixFacts:
        """What is known so far."""
        return FixFacts(
            tuple(self.options), tuple(self.trials), tuple(self.layers), dict(self.recommended), tuple(self.problems)
        )

    def _try_options(self, cause: Cause, step: _Step) -> FixOption | None:
        found = find_options(cause, FixScene(self.copy.root, step.facts))
        self.options += found
        trials = [self._try(option, cause, step) for option in found if option.patch]
        self.trials += trials
        best = recommend(found, trials)
        if best is not None:
            self.recommended[cause.id] = best.id
        return best

    def _try(self, option: FixOption, cause: Cause, step: _Step) -> Trial:
        began = time.monotonic()
        canaries = choose_canaries(step.state, step.kinds)
        applied = (*(layer.option for layer in self.layers), option.id)
        self.say(option.title)
        try:
            self.copy.apply(option.patch)
        except UsageError as error:
            return Trial(applied, "DID_NOT_START", "canaries", None, problem=str(error))
        try:
            return self._measure(applied, canaries, cause, step, began)
        finally:
            self.copy.apply(option.patch, reverse=True)

    def _measure(self, applied: tuple[str, ...], canaries: Canaries, cause: Cause, step: _Step, began: float) -> Trial:
        after, explained, _ = self._run(canaries)
        if explained.suite.problem and not explained.suite.tests:
            problem = explained.suite.problem
            return Trial(applied, "DID_NOT_START", "canaries", None, problem=problem, seconds=time.monotonic() - began)
        comparison = compare(step.state, after)
        return Trial(
            options=applied,
            verdict=verdict_of(comparison, cause.tests),
            measured="canaries",
            comparison=comparison,
            tests_run=sum(result.outcome != "not_run" for result in explained.suite.results),
            tests_of=len(explained.suite.tests),
            seconds=time.monotonic() - began,
        )

    def _run(self, canaries: Canaries) -> tuple[State, Explained, InventoryFacts]:
        facts = self.copy.read()
        suite = self.copy.run(canaries.choose)
        explained = self.copy.explain(suite, facts)
        collected = tuple(test.nodeid for test in suite.tests)
        ran = {result.nodeid for result in suite.results if result.outcome != "not_run"}
        return canaries.project(explained.state.only(ran), collected), explained, facts

    def _keep(self, option: FixOption, cause: Cause, original: State, step: _Step) -> _Step:
        """Apply an option for good, and look at the copy anew."""
        canaries = choose_canaries(step.state, step.kinds)
        self.copy.apply(option.patch)
        state, explained, facts = self._run(canaries)
        total = compare(original, state)
        self.layers.append(
            Layer(
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
        )
        return _Step(facts, explained.causes, state, dict(state.causes))


def _worth_trying(causes: tuple[Cause, ...], tried: set[str]) -> Iterator[Cause]:
    """The causes that block something here, in their order."""
    return (cause for cause in causes if cause.id not in tried and (cause.tests or cause.uncollectable))
