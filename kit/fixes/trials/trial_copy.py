"""A scratch copy in which fixes are tried one after another, with what is needed to run and explain its suite."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from kit import causes, failures, inventory
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.fixes.patching.applying import apply_patch
from kit.fixes.patching.reading import touched
from kit.fixes.scene import FixScene
from kit.fixes.trials.compare import RunOutcomes
from kit.platform.environments import prefix_of, site_packages_of
from kit.suite import PreforkServer, RunOptions, run_suite
from kit.target import forget_bytecode, kept_copy, with_current_config

Choose = Callable[[Sequence[str]], Collection[str]]
OnEvent = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Explained:
    """A run, and what explains its failures. ``ran`` are the tests that were chosen to run."""

    suite: SuiteFacts
    grouping: Grouping
    causes: tuple[Cause, ...]

    @cached_property
    def cause_of(self) -> dict[str, str]:
        """Failing test, or path of a file that cannot be collected, to the id of its cause."""
        return {name: cause.id for cause in reversed(self.causes) for name in (*cause.tests, *cause.uncollectable)}

    @cached_property
    def uncollectable(self) -> dict[str, str]:
        """File that cannot be collected to the id of its cause."""
        return {error.path: self.cause_of.get(error.path, "") for error in self.suite.collection_errors}

    @property
    def group_of(self) -> dict[str, str]:
        """Failing test, or path of a file that cannot be collected, to the id of its group."""
        return self.grouping.group_of

    @cached_property
    def state(self) -> RunOutcomes:
        """The outcomes and causes."""
        return RunOutcomes.of(self.suite, self.cause_of)


class TrialCopy:
    """To be used as a context manager: at its end the copy is removed and every process has ended."""

    def __init__(self, target: Target, options: RunOptions, categories: Sequence[Any] = ()) -> None:
        """``options`` are those of the case's own run; failures are not run again."""
        self._real, self._categories = target, categories
        self._options = replace(options, recheck_s=0.0, coverage=False, records=False, cluster=None, overlays=False)
        self._parse = lru_cache(maxsize=None)(inventory.parse)  # a fix changes few of the files
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        """Copy the tree. Raises :class:`~kit.facts.errors.TargetError` when there is no room."""
        with ExitStack() as closing:
            self.root = closing.enter_context(kept_copy(self._real)).root
            self.server = PreforkServer(self.root, self._options.collection_limit_s)
            closing.callback(self.server.close)
            self._private = Path(closing.enter_context(tempfile.TemporaryDirectory(dir=self.root.parent)))
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def apply(self, patch: str, *, reverse: bool = False) -> None:
        """Change the copy as a patch says. Raises :class:`~kit.facts.errors.UsageError` when it does not fit."""
        apply_patch(patch, self.root, reverse=reverse)
        forget_bytecode(self.root, touched(patch))

    @property
    def target(self) -> Target:
        """The target with its pytest configuration as it is in the copy."""
        return replace(self._real, config=with_current_config(self._as_copy).config)

    def read(self) -> InventoryFacts:
        """What the source of the copy says."""
        return inventory.Inventory.of(self._as_copy, runtime=False, copied_from=self._real.path).facts

    def reach(self) -> inventory.Reach:
        """Which files import which, as the copy is now."""
        return inventory.Reach(self._as_copy)

    def scene(self, facts: InventoryFacts) -> FixScene:
        """What options look at; ``facts`` are those of :meth:`read`."""
        target = self.target
        packages = target.interpreter.packages if target.interpreter else {}
        executable = Path(target.interpreter.executable) if target.interpreter else None
        libraries = tuple(site_packages_of(prefix_of(executable))) if executable else ()
        return FixScene(self.root, facts, self._declarations, target.test_paths, target.config, packages, libraries)

    def run(
        self, choose: Choose | None = None, on_event: OnEvent | None = None, *, limit_s: float | None = None
    ) -> SuiteFacts:
        """Collect the whole suite in the copy, and run the tests that ``choose`` returns (all by default), for at most
        ``limit_s`` seconds.
        """
        events = self._private / "events.jsonl"
        events.unlink(missing_ok=True)
        target = self.target
        try:
            return run_suite(
                target,
                events=events,
                options=replace(self._options, run_timeout_s=limit_s),
                choose=choose,
                on_event=on_event,
                workspace=self.server.workspace(target),
            )
        finally:
            self.server.learn(target)

    def group(self, suite: SuiteFacts) -> Grouping:
        """The failures of a run in groups."""
        return failures.group_failures(_without_unrun(suite), categories=self._categories)

    def explain(self, suite: SuiteFacts, facts: InventoryFacts, grouping: Grouping | None = None) -> Explained:
        """Group the failures of a run, unless :meth:`group` has, and name their causes."""
        grouping = grouping or self.group(suite)
        known = inventory.mark_loaded(facts, suite.loaded_modules)
        around = causes.environment_of(self._real)
        found = causes.find_causes(
            known, _without_unrun(suite), grouping, source=self._declarations, environment=around
        )
        return Explained(suite, grouping, found)

    def _declarations(self) -> inventory.Declarations:
        return inventory.Declarations.of(self._as_copy, self._parse)

    @property
    def _as_copy(self) -> Target:
        return replace(self._real, root=os.fspath(self.root))


def _without_unrun(suite: SuiteFacts) -> SuiteFacts:
    return replace(suite, results=tuple(result for result in suite.results if result.outcome != "not_run"))
