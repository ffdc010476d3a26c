"""What is recorded of one case: read part by part from the store, written stage by stage, also into its folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kit.case.journal import Journal
from kit.facts.case import Case, CaseFacts, Part, Stage
from kit.facts.failures import Grouping
from kit.facts.suite import SuiteFacts
from kit.masking import mask
from kit.store import History, Store

if TYPE_CHECKING:  # their classes take a while to make, and a run of the tests alone needs none of them
    from kit.facts.causes import Cause
    from kit.facts.fixes import FixFacts
    from kit.facts.inventory import InventoryFacts
    from kit.facts.upgrades import Environment


class CaseRecord:
    """One case in a store."""

    def __init__(self, store: Store, case: Case, folder: Path) -> None:
        """``case`` is the head as it is recorded in ``store``; ``folder`` is that of the case."""
        self.store = store
        self.case = case
        self._journal = Journal(folder, case)

    def facts(self, *parts: Part) -> CaseFacts:
        """The case with these parts of its facts, or with all of them when none is named."""
        return self.store.load(self.case.id, parts or None)

    def inventory(self) -> InventoryFacts | None:
        """The recorded inventory."""
        return self.facts("inventory").inventory

    def suite(self) -> SuiteFacts | None:
        """The recorded suite."""
        return self.facts("suite").suite

    def head_of_suite(self) -> SuiteFacts | None:
        """The recorded suite without its tests, outcomes and failures."""
        return self.store.head_of_suite(self.case.id)

    def history(self) -> History:
        """What earlier cases of the same target say about its tests."""
        return self.store.history(self.case.target.root)

    def environment(self) -> Environment:
        """What the target runs in, and what was installed when all of its tests last passed."""
        from kit.causes import environment_of  # a run in which all is fine needs none of it

        green = self.store.last_green(self.case)
        interpreter = green.target.interpreter if green else None
        return environment_of(self.case.target, interpreter.installed if interpreter else {}, green.id if green else "")

    def stage(self, name: str) -> Stage | None:
        """A stage as it is recorded, or ``None`` when it never began."""
        return next((stage for stage in self.store.stages(self.case.id) if stage.name == name), None)

    def was_tried(self, stage: str) -> bool:
        """Whether a stage has begun, whatever became of it."""
        return self.stage(stage) is not None

    def was_cut_short(self) -> bool:
        """Whether the tests have begun and some of them still wait for their turn."""
        stage = self.stage("test_batches")
        if stage is None or stage.outcome != "done":
            return stage is not None
        head = self.head_of_suite()
        if head is None or head.problem is None:
            return False
        suite = self.suite()
        return suite is not None and suite.is_cut_short

    def interrupted_trials(self) -> FixFacts | None:
        """What trials have measured of the run as it is recorded, if they were interrupted."""
        trials, run = self.stage("fix_trials"), self.stage("test_batches")
        if trials is None or run is None or trials.outcome == "done" or run.started > trials.started:
            return None
        return self.facts("fixes").fixes

    def save_inventory(self, facts: InventoryFacts) -> None:
        """Replace the inventory."""
        self.store.save_inventory(self.case.id, facts)

    def save_suite(self, facts: SuiteFacts) -> None:
        """Replace the suite."""
        self.store.save_suite(self.case.id, facts)

    def save_fixes(self, facts: FixFacts) -> None:
        """Replace what is known of fixes."""
        self.store.save_fixes(self.case.id, facts)

    def save_diagnosis(self, grouping: Grouping, causes: tuple[Cause, ...]) -> None:
        """Replace the groups and the causes."""
        self.store.save_diagnosis(self.case.id, grouping, causes)
        self.note_causes(causes)

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        """Record that a stage runs, and then how it ended and how long it took."""
        known, clock = self.stage(stage), time.monotonic()
        running = known.again(_now()) if known else Stage(stage, "running", _now())
        self._save_stage(running)
        try:
            yield
        except BaseException as error:
            self._save_stage(replace(running, outcome="failed", seconds=_since(clock), error=_sentence(error)))
            raise
        self._save_stage(replace(running, outcome="done", seconds=_since(clock)))

    def mark_failed(self, stage: str, error: str) -> None:
        """Record that a stage did not finish. An error that it has recorded itself stays."""
        known = self.stage(stage)
        if known and known.outcome == "failed":
            return
        running = known or Stage(stage, "running", _now())
        self._save_stage(replace(running, outcome="failed", seconds=None, error=mask(error)))

    def note_causes(self, causes: Iterable[Cause]) -> dict[str, float]:
        """Record when each of these causes was first named, and return these times, in seconds after the start of the
        case; what was recorded before stays.
        """
        head = self._head()
        elapsed = round((datetime.now(UTC) - datetime.fromisoformat(head.started)).total_seconds(), 1)
        known = {**{cause.id: elapsed for cause in causes}, **head.named_after}
        if known != head.named_after:
            first = head.first_cause_after if head.first_cause_after is not None else min(known.values(), default=None)
            self._save_head(replace(head, named_after=known, first_cause_after=first))
        return known

    def finish(self) -> None:
        """Record that the case has ended now."""
        self._save_head(replace(self._head(), finished=_now()))

    def _head(self) -> Case:
        """The head as it is now: a notebook may have written it in another process."""
        return self.store.case(self.case.id) or self.case

    def _save_head(self, case: Case) -> None:
        self.case = case
        self._journal.add_case(case)
        self.store.save_case(case)

    def _save_stage(self, stage: Stage) -> None:
        self._journal.add_stage(stage)
        self.store.save_stage(self.case.id, stage)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _sentence(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return mask(f"{type(error).__name__}: {error}".strip(": "))


def _since(clock: float) -> float:
    return round(time.monotonic() - clock, 2)
