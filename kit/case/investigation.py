"""One case being worked on: each stage is a method that fetches facts, computes new ones, and records them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit import suite
from kit.case import rerunning, stages
from kit.case.case_suite import CaseSuite
from kit.case.explaining import explain_failures
from kit.case.notebook_output import guard_kernel
from kit.case.opening import OpenCase, open_case, resume_case, start_case
from kit.case.options import CaseOptions
from kit.case.record import CaseRecord
from kit.case.reporting import write_case_report
from kit.facts.case import Case, CaseFacts
from kit.facts.failures import Group, Grouping
from kit.facts.spelling import texts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.masking import learn_target
from kit.store import Store

if TYPE_CHECKING:  # a run of the tests alone needs none of them, and importing them takes a while
    from kit.case.case_suite import ResultsFiles
    from kit.facts.causes import Cause
    from kit.facts.fixes import FixFacts
    from kit.facts.inventory import Importer, InventoryFacts
    from kit.inventory import Declarations, Inventory


class Investigation:
    """A case that is being worked on.

    Each stage computes its facts anew, records them, and returns them. What it needs of earlier stages it reads from
    the record; a stage that was never tried is run first. So stages run in any order and in any process.
    """

    def __init__(self, opened: OpenCase) -> None:
        """Work on a case that has been opened."""
        self.record = CaseRecord(opened.store, opened.case, opened.reports / opened.case.id)
        self.reports = opened.reports
        self.options = opened.options
        self._suite = CaseSuite(self.record, self.options, self.folder)
        learn_target(opened.case.target.path)
        guard_kernel()

    @classmethod
    def start(cls, options: CaseOptions, **more: Any) -> Investigation:
        """Start a new case, as :func:`~kit.case.opening.start_case` does, which gets ``more``."""
        return cls(start_case(options, **more))

    @classmethod
    def open(cls, options: CaseOptions) -> Investigation:
        """Open a case if it exists, else start it, as a notebook does: see :func:`~kit.case.opening.open_case`."""
        return cls(open_case(options))

    @classmethod
    def resume(cls, name: str, options: CaseOptions, given: Collection[str] = (), **more: Any) -> Investigation:
        """Open a case that exists, with the options that it was started with, except for those that are ``given``: see
        :func:`~kit.case.opening.resume_case`, which gets ``more``.
        """
        return cls(resume_case(name, options, given, **more))

    @property
    def case(self) -> Case:
        """The head of the case."""
        return self.record.case

    @property
    def store(self) -> Store:
        """The store that the case is recorded in."""
        return self.record.store

    @property
    def target(self) -> Target:
        """What is investigated."""
        return self.case.target

    @property
    def folder(self) -> Path:
        """The case's own folder."""
        return self.reports / self.case.id

    @property
    def events(self) -> Path:
        """The JSON-lines file that the suite's events are appended to."""
        return self._suite.events

    @property
    def facts(self) -> CaseFacts:
        """Everything recorded so far. This reads the whole case: for one part, ask :attr:`record`."""
        return self.record.facts()

    def map_registry(self) -> InventoryFacts:
        """Stage 1: the mapped classes and their collisions, from source and from a run-time probe."""
        with self.record.running("mapper_registry"):
            mapped = stages.map_registry(self.target, self.record.head_of_suite())
            self.record.save_inventory(mapped.inventory)
            self.record.note_causes(mapped.causes)
        return mapped.inventory

    def read_imports(self) -> tuple[Importer, ...]:
        """Stage 2: the importers of the modules that the findings name."""
        with self.record.running("import_graph"):
            return self.inventory().importers

    def run_tests(
        self, display: suite.Display | None = None, nodeids: str | Iterable[str] = (), *, known: Sequence[str] = ()
    ) -> SuiteFacts:
        """Stage 3: collect the suite and run it in batches, or resume a run of this case that was interrupted.

        ``display`` shows the live counts, ``nodeids`` are the tests to run when it is not all of them, ``known`` those
        of the same files that need not run. A run that has ended before stays recorded: the new one is a further
        attempt. Raises :class:`UsageError` when the case holds
        results that others made.
        """
        return self._suite.run(display, texts(nodeids), known)

    def ingest(self, files: ResultsFiles) -> SuiteFacts:
        """Stage 3 of results that others made: take them from ``files`` and run nothing.

        Raises :class:`UsageError` for a file that cannot be used, and when tests of the case were run.
        """
        return self._suite.ingest(files)

    def diagnose(
        self, suite: SuiteFacts | None = None, *, with_inventory: bool = True
    ) -> tuple[Grouping, tuple[Cause, ...]]:
        """Stage 4: group the failures, put them in categories, name the causes.

        Pass ``suite`` if you already have it; this avoids reading the store. Without ``with_inventory`` only the
        failures are explained: no inventory is made, and the source is read if something failed.
        """
        with self.record.running("failure_categories"):
            inventory = self._inventory_or_none() if with_inventory else None
            grouping, causes = explain_failures(
                self.record,
                self.options,
                suite or self._suite_or_none(),
                inventory,
                loads=lambda: stages.loads_of(self.target),
                source=self.declarations,
            )
            self.record.save_diagnosis(grouping, causes)
        return grouping, causes

    def try_fixes(self, say: Callable[[str], None] = print) -> FixFacts:
        """Stage 5: try the fix options of the causes in a scratch copy, one by one, and measure what each does.

        ``say`` gets a line for each option that was tried. The target itself is never changed. Causes are recorded as
        confirmed, or lose their rank, as the trials show.
        """
        interrupted = self.record.interrupted_trials()
        with self.record.running("fix_trials"):
            self._suite.catch_up()
            if not self.record.was_tried("failure_categories"):
                self.diagnose()
            facts = stages.try_fixes(
                self.target,
                self.facts,
                self.options.run_options(suite.EarlierRuns(self.record.history().durations)),
                budget_s=self.options.trial_budget_s,
                categories=self.options.own_categories(),
                say=say,
                save=self.record.save_fixes,
                interrupted=interrupted,
            )
            from kit.fixes import judged  # a run of the tests alone does not need it

            recorded = self.record.facts("diagnosis")
            if recorded.grouping is not None and recorded.causes:
                self.record.save_diagnosis(recorded.grouping, judged(recorded.causes, facts))
        return facts

    def write_report(self) -> Path:
        """Stage 6: the case as one HTML file, with the same in Markdown and as JSON beside it; returns the path of the
        HTML."""
        return write_case_report(self.record, self._suite, self.reports)

    def inventory(self) -> InventoryFacts:
        """The recorded inventory; computed when it is not there."""
        return self.record.inventory() or self.map_registry()

    def importers_of(self, spec: str) -> tuple[Importer, ...]:
        """The importers of ``"module"`` or ``"module:name"``, from the source as it is now."""
        return self.source().importers(spec)

    def source(self) -> Inventory:
        """The source as it is now, for questions: importers, cycles, chains, what stops importing without a module."""
        return stages.source_of(self.target)

    def declarations(self) -> Declarations:
        """What the source as it is now declares, read when it is first used."""
        return stages.declarations_of(self.target)

    def warm(self) -> suite.WarmSuite:
        """The suite, to be run again and again while the target is being fixed: a context manager."""
        return self._rerunner.warm()

    def rerun(self, what: Group | str | Iterable[str], display: suite.Display | None = None) -> SuiteFacts:
        """Run a group of failures, or tests by their node ids, once more on the tree as it is now.

        The first call starts cold; later ones answer in a second or two after an edit, until :meth:`stop_rerunning`
        or the end of this process. Raises :class:`UsageError` when there is nothing to run.
        """
        return self._rerunner.rerun(what, display)

    def concerned(self) -> suite.Selected | None:
        """The tests that edits since they ran concern, those that failed then among them; ``None`` where it is not
        recorded what each has run.
        """
        return self._rerunner.concerned()

    def stop_rerunning(self) -> None:
        """End the process and remove the scratch copy that :meth:`rerun` keeps."""
        self._rerunner.stop()

    @cached_property
    def _rerunner(self) -> rerunning.Rerunner:
        return rerunning.Rerunner(self.record, self.options, self.folder / "rerun.jsonl")

    def _inventory_or_none(self) -> InventoryFacts | None:
        return self.record.inventory() if self.record.was_tried("mapper_registry") else self.map_registry()

    def _suite_or_none(self) -> SuiteFacts | None:
        self._suite.catch_up()
        return self.record.suite() if self.record.was_tried("test_batches") else self.run_tests()
