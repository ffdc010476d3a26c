"""One option on trial: experiments first, the cheapest in front, then canaries, and a closer look before it is kept."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath

from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.fixes import SPENT, Check, Comparison, FixOption, Trial
from kit.facts.suite import SuiteFacts
from kit.fixes.trials.canaries import Canaries, choose_canaries, file_of
from kit.fixes.trials.compare import RunOutcomes, compare, verdict_of
from kit.fixes.trials.copy_state import CopyState, files_unmasked
from kit.fixes.trials.effects import Effects, checks_of, read_effects, stopper
from kit.fixes.trials.settling import flaky_of
from kit.fixes.trials.trial_copy import Explained, TrialCopy
from kit.suite import affected_files
from kit.target import TreeChanges


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


@dataclass(frozen=True)
class _Tried:
    """What the trial of an option has shown so far."""

    effects: Effects
    suite: SuiteFacts | None = None


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
    _tried: dict[str, _Tried] = field(default_factory=dict)
    _before: Effects | None = None

    def measure(self, option: FixOption, *, is_only: bool = False) -> Trial:
        """What the option does, by experiments and canaries; the copy is as before afterwards. Where it ``is_only``,
        with no other to compare it with, the canaries are those of the closer look, which then runs nothing again.
        """
        began = time.monotonic()
        closely = self._reaching(option) if is_only else ()
        try:
            before = self._effects_before()
            self.copy.apply(option.patch)
        except UsageError as error:
            return self._trial(option, began, problem=str(error))
        try:
            after = self._read_effects(option.files)
            self._tried[option.id] = _Tried(after)
            checks = checks_of(before, after)
            if problem := stopper(checks):
                return self._trial(option, began, checks=checks, problem=problem)
            return self._compared(option, began, checks, self._canaries(closely))[0]
        finally:
            self.copy.apply(option.patch, reverse=True)

    def keep(self, option: FixOption) -> tuple[Trial, CopyState | None]:
        """Apply an option for good and look closer: one canary for each function of the test files that reach what it
        changes. Those that its trial has run are not run again. When that shows a broken test, or none that moves
        on, the option is taken back, and there is no next step.
        """
        began = time.monotonic()
        closely = self._reaching(option)
        self.copy.apply(option.patch)
        trial, after = self._compared(option, began, (), self._canaries(closely), is_kept=True)
        if not trial.helps:
            self.copy.apply(option.patch, reverse=True)
            return trial, None
        return trial, after

    def look(self, option: FixOption) -> CopyState | None:
        """The copy as it is with options that are applied already, ``option`` last; ``None`` if no suite starts."""
        return self._compared(option, time.monotonic(), (), self._canaries(self._test_files), is_kept=True)[1]

    def _compared(
        self, option: FixOption, began: float, checks: Sequence[Check], canaries: Canaries, *, is_kept: bool = False
    ) -> tuple[Trial, CopyState | None]:
        """The trial, and the state of the copy with the option. The causes of one that ``is_kept`` are named anew; of
        another one only where a test shows what no test has shown before.
        """
        if self._is_over:
            return self._trial(option, began, checks=checks, problem=SPENT), None
        suite = self._run(option, canaries)
        if suite.problem and self._is_over:
            return self._trial(option, began, checks=checks, problem=SPENT), None
        if suite.problem and not suite.tests and self.step.state.outcomes:
            return self._trial(option, began, checks=checks, problem=suite.problem), None
        grouping = self.copy.group(suite)
        explained = Explained(suite, grouping, ())
        facts, causes = self.step.facts, {**self.step.state.causes, **self.step.uncollectable}
        if is_kept or not self.step.explains(explained.group_of):
            facts = self.copy.read()
            explained = self.copy.explain(suite, facts, grouping)
            causes = explained.cause_of
        ran = frozenset(result.nodeid for result in suite.results if result.outcome != "not_run")
        measured = RunOutcomes.of(suite, causes).only(ran)
        flaky = flaky_of(self.copy, compare(self.step.state.only(ran), measured).broken, [option], until=self.until)
        state = canaries.project(measured.passing(flaky), tuple(test.nodeid for test in suite.tests))
        comparison = compare(self.step.state, state)
        uncollectable = {error.path: causes.get(error.path, "") for error in suite.collection_errors}
        trial = replace(
            self._trial(option, began, checks=checks, comparison=comparison, run=len(ran), flaky=flaky),
            problem=suite.problem if not suite.tests else None,
            files_unmasked=files_unmasked(self.step, uncollectable, any_collected=bool(suite.tests)),
        )
        after = CopyState(
            facts=facts,
            causes=(*explained.causes, *self._assumed(explained, canaries)),
            state=state,
            kinds={**state.causes, **{test: self.step.kinds[test] for test in canaries.assumed.causes}},
            groups={**self.step.groups, **explained.group_of},
            modules=dict(suite.loaded_modules),
            uncollectable=uncollectable,
            effects=self._tried[option.id].effects if option.id in self._tried else None,
        )
        return trial, after

    def _run(self, option: FixOption, canaries: Canaries) -> SuiteFacts:
        """Run the canaries, apart from those that an earlier run with the same option has run."""
        tried = self._tried.get(option.id)
        earlier = tried.suite if tried else None
        known = {one.nodeid: one for one in earlier.results if one.outcome != "not_run"} if earlier else {}
        if earlier and known.keys() >= set(canaries.choose([test.nodeid for test in earlier.tests])):
            return earlier
        left = None if self.until is None else max(_SHORTEST_S, self.until - time.monotonic())
        suite = self.copy.run(lambda collected: set(canaries.choose(collected)) - known.keys(), limit_s=left)
        if earlier:
            results = tuple(known.get(one.nodeid, one) for one in suite.results)
            suite = replace(suite, results=results, failures={**earlier.failures, **suite.failures})
        if tried:
            self._tried[option.id] = replace(tried, suite=suite)
        return suite

    @property
    def _is_over(self) -> bool:
        return self.until is not None and time.monotonic() >= self.until

    def _assumed(self, explained: Explained, canaries: Canaries) -> tuple[Cause, ...]:
        """The causes that are still there because none of their tests was run."""
        known = {self.cause.id, *(cause.id for cause in explained.causes)}
        there = canaries.assumed.outcomes
        others = (cause for cause in self.step.causes if cause.id not in known and cause.tests)
        return tuple(cause for cause in others if all(test in there for test in cause.tests))

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

    def _effects_before(self) -> Effects:
        """What the app is like before any of the options: read while none of them is applied, unless the trial of the
        option before them has shown it. What is read with the libraries preloaded is compared with its like.
        """
        known = self._before or self.step.effects
        is_known = known and known.imported.keys() == set(self._present)
        if known is None or not is_known or known.is_warm != self.copy.server.is_warm:
            known = self._read_effects(())
        self._before = known
        return known

    def _read_effects(self, changed: tuple[str, ...]) -> Effects:
        return read_effects(self.copy, self._present, changed)

    @property
    def _present(self) -> list[str]:
        """The modules whose import is tried; one that an option deletes need not import any more."""
        paths = self.step.modules
        return [name for name in self._modules if name not in paths or (self.copy.root / paths[name]).exists()]

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
