"""One option on trial: experiments first, the cheapest in front, then canaries, and a closer look before it is kept."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.fixes import SPENT, Check, Comparison, FixOption, Trial
from kit.facts.inventory import InventoryFacts
from kit.fixes.trials.canaries import Canaries, choose_canaries, file_of
from kit.fixes.trials.compare import RunOutcomes, compare, verdict_of
from kit.fixes.trials.effects import Effects, checks_of, read_effects, stopper
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import Explained, TrialCopy
from kit.suite import affected_files
from kit.target import TreeChanges


@dataclass(frozen=True)
class CopyState:
    """The copy as it is: the facts of its source, the measured outcomes of its tests, and the causes of the failures.
    ``kinds`` maps failing tests to the group of their failure, ``modules`` the imported modules to their paths.
    """

    facts: InventoryFacts
    causes: tuple[Cause, ...]
    state: RunOutcomes
    kinds: dict[str, str]
    modules: dict[str, str]


def step_of(explained: Explained, facts: InventoryFacts) -> CopyState:
    """The step that a whole run shows."""
    return CopyState(facts, explained.causes, explained.state, explained.group_of, dict(explained.suite.loaded_modules))


def apply_kept(copy: TrialCopy, step: CopyState, kept: Sequence[FixOption]) -> CopyState | None:
    """Apply options that were found good before, and look closely at what the copy is like then.

    ``None``, and the copy as it was, where one of them does not fit any more or the suite does not start.
    """
    applied: list[FixOption] = []
    after = None
    try:
        for option in kept:
            copy.apply(option.patch)
            applied.append(option)
        after = Trying(copy, _NO_CAUSE, step, ()).look(kept[-1]) if kept else step
    except UsageError:
        pass
    for option in reversed(applied if after is None else ()):
        copy.apply(option.patch, reverse=True)
    return after


#: the shortest limit that a run is given, in seconds
_SHORTEST_S = 0.1
#: for a look at the copy that no cause has asked for
_NO_CAUSE = Cause("", "failure-group", "", "unknown", ())


@dataclass
class Trying:
    """Tries the options of one cause, each from the same state of the copy. ``applied`` are the ids of those before.
    No test runs after the moment ``until`` of :func:`time.monotonic`, if there is one: a trial that is not finished
    then has a problem and no comparison.
    """

    copy: TrialCopy
    cause: Cause
    step: CopyState
    applied: tuple[str, ...]
    until: float | None = None

    def measure(self, option: FixOption) -> Trial:
        """What the option does, by experiments and canaries; the copy is as before afterwards."""
        began = time.monotonic()
        try:
            before = self._effects_before
            self.copy.apply(option.patch)
        except UsageError as error:
            return self._trial(option, began, problem=str(error))
        try:
            checks = checks_of(before, self._read_effects(option.files))
            if problem := stopper(checks):
                return self._trial(option, began, checks=checks, problem=problem)
            return self._compared(option, began, checks, self._canaries(()))[0]
        finally:
            self.copy.apply(option.patch, reverse=True)

    def keep(self, option: FixOption) -> tuple[Trial, CopyState | None]:
        """Apply an option for good and look closer: one canary for each function of the test files that reach what it
        changes. When that shows a broken test the option is taken back, and there is no next step.
        """
        began = time.monotonic()
        closely = self._reaching(option)
        self.copy.apply(option.patch)
        trial, after = self._compared(option, began, (), self._canaries(closely))
        if trial.comparison is None or trial.comparison.broken or trial.comparison.gone:
            self.copy.apply(option.patch, reverse=True)
            return trial, None
        return trial, after

    def look(self, option: FixOption) -> CopyState | None:
        """The copy as it is with options that are applied already, ``option`` last; ``None`` if no suite starts."""
        return self._compared(option, time.monotonic(), (), self._canaries(self._test_files))[1]

    def _compared(
        self, option: FixOption, began: float, checks: Sequence[Check], canaries: Canaries
    ) -> tuple[Trial, CopyState | None]:
        if self._is_over:
            return self._trial(option, began, checks=checks, problem=SPENT), None
        facts = self.copy.read()
        left = None if self.until is None else max(_SHORTEST_S, self.until - time.monotonic())
        suite = self.copy.run(canaries.choose, limit_s=left)
        if suite.problem and self._is_over:
            return self._trial(option, began, checks=checks, problem=SPENT), None
        if suite.problem and not suite.tests:
            return self._trial(option, began, checks=checks, problem=suite.problem), None
        explained = self.copy.explain(suite, facts)
        ran = frozenset(result.nodeid for result in suite.results if result.outcome != "not_run")
        collected = tuple(test.nodeid for test in suite.tests)
        measured = explained.state.only(ran)
        flaky = flaky_of(self.copy, compare(self.step.state.only(ran), measured).broken, [option], until=self.until)
        state = canaries.project(measured.passing(flaky), collected)
        comparison = compare(self.step.state, state)
        trial = self._trial(option, began, checks=checks, comparison=comparison, run=len(ran), flaky=flaky)
        kinds = {**state.causes, **{test: self.step.kinds[test] for test in canaries.assumed.causes}}
        known = {cause.id for cause in explained.causes}
        causes = (
            *explained.causes,
            *(one for one in self.step.causes if one.id not in known and self._is_assumed(one, canaries)),
        )
        return trial, CopyState(facts, causes, state, kinds, dict(suite.loaded_modules))

    @property
    def _is_over(self) -> bool:
        return self.until is not None and time.monotonic() >= self.until

    def _is_assumed(self, cause: Cause, canaries: Canaries) -> bool:
        """Whether a cause is still there because none of its tests was run."""
        return (
            cause.id != self.cause.id
            and bool(cause.tests)
            and all(test in canaries.assumed.outcomes for test in cause.tests)
        )

    def _canaries(self, closely: Collection[str]) -> Canaries:
        """Tests that ran into their limit are left out, unless they are what the cause is about."""
        slow = {test for test, outcome in self.step.state.outcomes.items() if outcome == "timed_out"}
        return choose_canaries(self.step.state, self.step.kinds, closely=closely, left_out=slow - set(self.cause.tests))

    @property
    def _test_files(self) -> frozenset[str]:
        return frozenset(map(file_of, self.step.state.outcomes))

    def _reaching(self, option: FixOption) -> frozenset[str]:
        """The test files that import what the option changes, directly or through others, and those of the cause; all
        of them where that cannot be known. Call it before the option is applied.
        """
        root = PurePosixPath(self.copy.target.config.rootdir)
        by_path = {str(root / file): file for file in self._test_files}
        reached = affected_files(TreeChanges(changed=option.files), by_path, self.copy.reach())
        return frozenset([by_path[path] for path in reached if path in by_path]).union(map(file_of, self.cause.tests))

    @cached_property
    def _effects_before(self) -> Effects:
        """What the app is like before any of the options: read while none of them is applied."""
        return self._read_effects(())

    def _read_effects(self, changed: tuple[str, ...]) -> Effects:
        """The effects as the copy is now; a module that an option deletes need not import any more."""
        paths = self.step.modules
        there = [name for name in self._modules if name not in paths or (self.copy.root / paths[name]).exists()]
        return read_effects(self.copy.target, self.copy.root, there, changed)

    @cached_property
    def _modules(self) -> frozenset[str]:
        """What the suite imports of the app, and whatever imports the modules of the cause: it must go on importing."""
        places = {place.path for place in self.cause.locations}
        named = {one.module for one in self.step.facts.mapped_classes if one.path in places}
        importing = [one.path for one in self.step.facts.importers if one.module in named and one.scope == "module"]
        tests = tuple(f"{path.rstrip('/')}/" for path in self.copy.target.test_paths)
        loaded = [name for name, path in self.step.modules.items() if not path.startswith(tests)]
        return frozenset([*loaded, *(_module(path) for path in importing if not path.startswith(tests))])

    def _trial(
        self,
        option: FixOption,
        began: float,
        *,
        checks: Sequence[Check] = (),
        comparison: Comparison | None = None,
        run: int = 0,
        flaky: Collection[str] = (),
        problem: str | None = None,
    ) -> Trial:
        return Trial(
            options=(*self.applied, option.id),
            verdict=verdict_of(comparison, self.cause.tests) if comparison else "DID_NOT_START",
            measured="canaries",
            comparison=comparison,
            checks=tuple(checks),
            tests_run=run,
            tests_of=comparison.after if comparison else 0,
            flaky=tuple(sorted(flaky)),
            problem=problem,
            seconds=round(time.monotonic() - began, 2),
        )


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
