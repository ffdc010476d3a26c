"""The trial of an upgrade: one distribution moved to another release, and every test compared with the run before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Self

from kit.facts.causes import Cause
from kit.facts.errors import TargetError
from kit.facts.fixes import Comparison
from kit.facts.kinds import CauseKind
from kit.facts.outcomes import BAD, FINE
from kit.facts.target import Target
from kit.facts.upgrade_trials import BreaksBy, UpgradeTrial
from kit.facts.upgrades import Move
from kit.fixes.trials.compare import compare
from kit.fixes.trials.own_patch import explained_before
from kit.fixes.trials.settling import outcomes_again
from kit.fixes.trials.trial_copy import Explained, OnEvent, TrialCopy
from kit.suite import RunOptions
from kit.target import layered_target

_KINDS: tuple[CauseKind, ...] = ("upgraded-library", "changed-result")


class UpgradeTrials:
    """To be used as a context manager: at its end the copies and environments are gone and every process has ended.

    The suite runs once as it is, and once for each upgrade.
    """

    def __init__(self, target: Target, options: RunOptions, categories: Sequence[Any] = ()) -> None:
        """``options`` and ``categories`` are those of a run of the target."""
        self._target, self._options, self._categories = target, options, categories
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Raises :class:`~kit.facts.errors.TargetError` when there is no room for a copy."""
        with ExitStack() as closing:
            self._copy = closing.enter_context(TrialCopy(self._target, self._options, self._categories))
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def measure_before(self, on_event: OnEvent | None = None) -> None:
        """Run the suite as it is. Raises :class:`TargetError` when it does not start."""
        self._before = explained_before(self._copy, "upgrade", on_event=on_event)

    def attempt(self, name: str, version: str, on_event: OnEvent | None = None) -> UpgradeTrial:
        """Run the suite with one distribution in another release: ``version``, or the newest where that is empty.

        ``problem`` of what it returns says what went wrong.
        """
        own = self._target.interpreter
        installed = own.installed if own else {}
        wanted = f"{name}=={version}" if version else name
        now = installed.get(name, "")
        try:
            with layered_target(self._target, [wanted]) as target:
                moves = dict(_moves(installed, target.interpreter.installed if target.interpreter else {}))
                after = moves.pop(name).now if name in moves else now
                if after == now:
                    return UpgradeTrial(name, now, now)
                return self._run(target, UpgradeTrial(name, now, after, tuple(moves.values())), on_event)
        except TargetError as error:
            return UpgradeTrial(name, now, "", problem=str(error))

    def _run(self, target: Target, trial: UpgradeTrial, on_event: OnEvent | None) -> UpgradeTrial:
        with TrialCopy(target, self._options, self._categories) as copy:
            suite = copy.run(on_event=on_event)
            after = copy.explain(suite, copy.read())
            if suite.problem and not suite.tests:
                if self._before.suite.problem and not self._before.suite.tests:
                    return replace(
                        trial, after="", problem=f"without it the suite does not start either: {suite.problem}"
                    )
                reasons = tuple(_reasons(after, self._before, None))
                return replace(trial, reasons=reasons, problem=suite.problem)
            suspects = compare(self._before.state, after.state).broken
            flaky = self._flaky(copy, suspects)
        found = compare(self._before.state, after.state.passing(flaky))
        reasons = tuple(_reasons(after, self._before, found))
        return replace(trial, comparison=found, reasons=reasons, flaky=tuple(sorted(flaky)))

    def _flaky(self, copy: TrialCopy, suspects: Sequence[str]) -> frozenset[str]:
        """The suspects that pass with the upgrade when they run again, or fail without it."""
        if not suspects:
            return frozenset()
        with_it, without = outcomes_again(copy, suspects), outcomes_again(self._copy, suspects)
        return frozenset(test for test in suspects if with_it.get(test) in FINE or without.get(test) in BAD)


def _moves(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, Move]]:
    """By name: the distributions that are new or have another version."""
    for name, version in sorted(after.items()):
        if before.get(name) != version:
            yield name, Move(name, before.get(name, ""), version, "")


def _reasons(after: Explained, before: Explained, found: Comparison | None) -> Iterator[BreaksBy]:
    """Why tests broke or files are not collected any more, most first."""
    broken = frozenset(found.broken if found else ())
    earlier = {path for cause in before.causes for path in cause.uncollectable}
    counts = [
        (cause, len(broken.intersection(cause.tests)), len({*cause.uncollectable} - earlier))
        for cause in after.causes
        if cause.id not in {one.id for one in before.causes} or broken.intersection(cause.tests)
    ]
    for cause, tests, files in sorted(counts, key=lambda row: (-row[1], -row[2])):
        if tests or files or found is None:
            yield BreaksBy(cause.title, tests, files, _entry_of(cause))


def _entry_of(cause: Cause) -> str:
    return cause.id.partition(":")[2] if cause.kind in _KINDS else ""
